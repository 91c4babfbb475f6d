import * as encoding from 'lib0/encoding';

/**
 * A well-formed update (v1) of few bytes that become much memory: one item of client `client` in the array `bomb`
 * with `count` empty objects.
 */
export function bombUpdate(client: number, count = 1_400_000): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1); // one client
  encoding.writeVarUint(encoder, 1); // one struct
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, 0); // its clock
  encoding.writeUint8(encoder, 8); // ContentAny, no neighbours: the parent stands here
  encoding.writeVarUint(encoder, 1); // by its name
  encoding.writeVarString(encoder, 'bomb');
  encoding.writeVarUint(encoder, count);
  for (let i = 0; i < count; i++) {
    encoding.writeUint8(encoder, 118); // an object
    encoding.writeUint8(encoder, 0); // without members
  }
  encoding.writeVarUint(encoder, 0); // nothing deleted
  return encoding.toUint8Array(encoder);
}

export function flipBit(bytes: Uint8Array, dice: () => number): Uint8Array {
  const flipped = new Uint8Array(bytes);
  const at = Math.floor(dice() * flipped.length);
  flipped[at] = flipped[at]! ^ (1 << Math.floor(dice() * 8));
  return flipped;
}

/** Says that `length` things of client 5, from `clock` on, have been and are no more. */
export function gapUpdate(clock: number, length: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, 1, 5, clock, 0, length, 0]) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

/** Deletes `length` things of client 5, from `clock` on. */
export function deletion(clock: number, length: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [0, 1, 5, 1, clock, length]) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}
