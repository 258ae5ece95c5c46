import { encode } from '@atcute/cbor'

/**
 * How a subscription's messages are written: in DAG-CBOR as the protocol has it (atproto.com/specs/event-stream), header
 * and payload, or as JSON text. Views of others' records are JSON that no CBOR need be able to hold.
 */
export type Framing = 'cbor' | 'json'

export interface Frame {
  data: Uint8Array | string
  /** The error's name, where it is an error frame: nothing comes after it. */
  error?: string
}

/** `message` has the `$type` of one of `nsid`'s messages, which goes out in its short form. */
export function messageFrame(nsid: string, message: object, framing: Framing): Frame {
  const { $type, ...payload } = message as { $type?: unknown }
  if (typeof $type !== 'string') throw new Error(`a message of ${nsid} has no $type`)
  const t = $type.startsWith(`${nsid}#`) ? $type.slice(nsid.length) : $type
  if (framing === 'json') return { data: JSON.stringify({ $type: t, ...payload }) }
  return { data: concatenate(encode({ op: 1, t }), encode(payload)) }
}

export function errorFrame({ error, message }: { error: string; message: string }, framing: Framing): Frame {
  const payload = { error, message }
  if (framing === 'json') return { data: JSON.stringify(payload), error }
  return { data: concatenate(encode({ op: -1 }), encode(payload)), error }
}

/** In memory of its own: with a part of Buffer's pool all of the pool, 64 KB, is copied for an HTTP worker. */
function concatenate(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([header, payload]))
}
