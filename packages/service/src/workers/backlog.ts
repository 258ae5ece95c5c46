import type { FromWorker } from './messages.ts'

/** Requests and upgrades that the service has heard of a worker, in memory that both see; begins anew at 2^32. */
export type Heard = Int32Array<SharedArrayBuffer>

export function countHeard(): Heard {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** Everything else follows one of these, or a connection that is open: that many have closed is no reason to refuse others. */
export function haveHeard(heard: Heard, messages: readonly FromWorker[]): void {
  const requests = messages.filter(({ type }) => type === 'request' || type === 'upgrade')
  Atomics.add(heard, 0, requests.length)
}

/** How many of those `passedOn` wait to be heard of. A port takes in any number, and does not say. */
export function unheard(heard: Heard, passedOn: number): number {
  return (passedOn - Atomics.load(heard, 0)) | 0
}
