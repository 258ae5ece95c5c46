import { encode } from '@atcute/cbor'

/** A frame of an event stream (atproto.com/specs/event-stream): header and payload, each DAG-CBOR. */
export interface Frame {
  bytes: Uint8Array
  /** The error's name, where it is an error frame: nothing comes after it. */
  error?: string
}

/** `message` has the `$type` of one of `nsid`'s messages, which goes into the header in its short form. */
export function messageFrame(nsid: string, message: object): Frame {
  const { $type, ...payload } = message as { $type?: unknown }
  if (typeof $type !== 'string') throw new Error(`a message of ${nsid} has no $type`)
  const t = $type.startsWith(`${nsid}#`) ? $type.slice(nsid.length) : $type
  return { bytes: concatenate(encode({ op: 1, t }), encode(payload)) }
}

export function errorFrame({ error, message }: { error: string; message: string }): Frame {
  return { bytes: concatenate(encode({ op: -1 }), encode({ error, message })), error }
}

/** In memory of its own: with a part of Buffer's pool all of the pool, 64 KB, is copied for an HTTP worker. */
function concatenate(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([header, payload]))
}
