import {
  formatDeviceFrame,
  parseRelayFrame,
  type DeviceFrame,
  type RelayFrame,
} from '../../../shared/sync/frame.ts';

/** An open sync socket, speaking frames. */
export interface SyncSocket {
  send(frame: DeviceFrame): void;
  close(): void;
}

interface SocketEvents {
  /** Frames are handled one after the other; a rejection closes the socket. */
  onFrame(frame: RelayFrame): Promise<void>;
  /** Called once for a socket that was open; `error` says why when it was not the network. */
  onClose(error: unknown): void;
}

/** How long opening may take, in milliseconds. */
const openDeadline = 15_000;

/** Opens a socket; resolves when frames can be sent, rejects when the relay cannot be reached. */
export function openSyncSocket(url: string, { onFrame, onClose }: SocketEvents): Promise<SyncSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let failure: unknown;
  let handling: Promise<void> = Promise.resolve();
  const fail = (error: unknown): void => {
    failure ??= error;
    socket.close();
  };
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    handling = handling
      .then(async () => {
        if (failure !== undefined || !(data instanceof ArrayBuffer)) return;
        await onFrame(parseRelayFrame(new Uint8Array(data)));
      })
      .catch(fail);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error('the relay does not answer')), openDeadline);
    let opened = false;
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      opened = true;
      resolve({ send: (frame) => socket.send(formatDeviceFrame(frame)), close: () => socket.close() });
    });
    socket.addEventListener('close', () => {
      clearTimeout(timer);
      if (opened) void handling.then(() => onClose(failure));
      else reject(new Error('the relay cannot be reached'));
    });
  });
}

/** `http://…` to `ws://…`. */
export function socketUrl(apiBase: string, path: string): string {
  return apiBase.replace(/^http/, 'ws') + path;
}
