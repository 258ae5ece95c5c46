import type { SigningKey } from '../people/identity.ts'
import type { ErrorResponse } from '../xrpc/error-response.ts'
import type { Frame, Framing } from '../xrpc/frame.ts'
import type { RequestHead } from '../xrpc/pipeline.ts'
import type { UpgradeHead } from '../xrpc/subscriptions.ts'

/** Names a request or upgrade of one worker. */
export type Id = number

/** What an HTTP worker passes on. */
export type RequestMessage =
  | { type: 'request'; id: Id; head: RequestHead; body: BodyText | undefined; asksKeyOf: string | undefined }
  | { type: 'upgrade'; id: Id; head: UpgradeHead; asksKeyOf: string | undefined }

/** What an HTTP worker tells the service. */
export type FromWorker =
  | RequestMessage
  | { type: 'listens'; port: number }
  | { type: 'cannotListen'; message: string; code: string | undefined }
  /** The answer to `readBody`. */
  | { type: 'body'; id: Id; body: BodyText }
  | { type: 'noBody'; id: Id; refusal: RefusalText }
  /** The answer to a request that is followed is out, or its connection, or that of an upgrade, has closed. */
  | { type: 'closed'; id: Id }
  /** Asks for the next part of a stream. */
  | { type: 'next'; id: Id }
  /** No more frames of a subscription are wanted. */
  | { type: 'ended'; id: Id; error: string | undefined }
  /** The last message: nothing is in flight any more. */
  | { type: 'finished' }

/** What the service tells an HTTP worker. */
export type ToWorker =
  | { type: 'readBody'; id: Id; bytesMax: number }
  | { type: 'follow'; id: Id }
  | { type: 'answer'; id: Id; status: number; headers: Record<string, string>; body: string | Uint8Array }
  /** An answer whose body the worker asks for part by part. */
  | { type: 'stream'; id: Id; status: number; headers: Record<string, string> }
  | { type: 'opened'; id: Id; framing: Framing }
  | { type: 'refused'; id: Id; refusal: ErrorResponse }
  /** The answer to `next`. */
  | { type: 'part'; id: Id; part: string | Frame }
  | { type: 'streamOver'; id: Id; isBroken: boolean }
  | { type: 'key'; issuer: string; key: SigningKey }
  | { type: 'finish' }

/** Bytes as latin1: a view of them would take all of the memory that it is a view of with it. */
export type BodyText = string

/** An AppError on its way. */
export interface RefusalText {
  name: string
  message: string
}
