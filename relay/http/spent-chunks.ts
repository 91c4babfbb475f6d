/** Told of bytes that came and are done with, or soon will be. */
export type Spend = (bytes: number) => void;

/** Bytes after which those before are let go. */
const most = 8 * 1024 * 1024;

/**
 * Each chunk of a body lies outside of the heap, and so little of it inside that the heap does not fill: the engine sees 64 MiB of
 * chunks, takes the process for short of memory and marks the whole heap, once for every file of that size (two thirds of the work
 * of an upload, and 60 MB more at its peak). All of them are young, so a look at what is young does the same in half a millisecond.
 */
export function createSpend(collect: () => void): Spend {
  let spent = 0;
  return (bytes) => {
    spent += bytes;
    if (spent < most) return;
    spent = 0;
    collect();
  };
}
