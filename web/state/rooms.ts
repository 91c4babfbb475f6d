import { createSignal } from 'solid-js';
import type { OpenDocument } from '../client/documents/documents.ts';
import type { RoomState } from '../client/rooms/room-link.ts';
import type { Room, Rooms } from '../client/rooms/rooms.ts';

/** Keeps a picture that is added to a document of somebody else. @throws IsletError E-CORE-TOOLARGE; QuotaExceededError */
export { savePicture } from '../client/rooms/pictures.ts';

let rooms: Rooms | undefined;
/** Documents that were on the screen before there was an account. */
const waiting = new Set<() => void>();
const [roomState, setRoomState] = createSignal<RoomState>();

/** Where the document on the screen stands with its owner's relay; undefined for one of our own. */
export { roomState };

/** Says who goes to neighbours' relays; the account does, once. */
export function provideRooms(next: Rooms): void {
  rooms = next;
  for (const join of [...waiting]) join();
}

/** Keeps a document on the screen in step with its owner's relay, as soon as this browser speaks for somebody. Returns its end. */
export function joinRoom(open: OpenDocument): () => void {
  let room: Room | undefined;
  let stop = (): void => undefined;
  const join = (): void => {
    waiting.delete(join);
    room = rooms?.join(open);
    if (room) stop = room.state.subscribe((state) => setRoomState(state));
  };
  if (rooms) join();
  else waiting.add(join);
  return () => {
    waiting.delete(join);
    stop();
    room?.close();
    if (room) setRoomState(undefined);
  };
}

/** Bytes that a document of somebody else shows and that we do not have, from its owner's relay. */
export async function readRoomBlob(id: string, blob: string): Promise<Blob | undefined> {
  return rooms?.readBlob(id, blob);
}

/** A picture that it names as a file at its owner's relay. */
export async function readRoomFile(id: string, file: string): Promise<Blob | undefined> {
  return rooms?.readFile(id, file);
}
