/** Messages that the service has heard of a worker, in memory that both see; the count begins anew at 2^32. */
export type Heard = Int32Array<SharedArrayBuffer>

export function countHeard(): Heard {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

export function haveHeard(heard: Heard, messages: number): void {
  Atomics.add(heard, 0, messages)
}

/** How many of those `posted` wait to be heard. A port takes in any number, and does not say. */
export function unheard(heard: Heard, posted: number): number {
  return (posted - Atomics.load(heard, 0)) | 0
}
