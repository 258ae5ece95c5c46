import type { ChatBskyConvoDefs } from '@atcute/bluesky'
import { AppError, invalidRequest } from '../errors.ts'
import { idempotencyKeyCharsMax, messageBodyBytesMax } from '../limits.ts'
import { readConvoId } from '../policy/visible-to.ts'
import type { MessageBody } from '../store/rows.ts'
import { parseTid, type Tid } from '../tid.ts'

/** A message to be sent, read from the wire and found sound by itself. */
export interface Draft {
  convoId: Tid
  body: MessageBody
  /** Our extension: sends with one key are one send (see send.ts). */
  idempotencyKey?: string
}

/** The input of `sendMessage`, and an item of `sendMessageBatch`, after the lexicon has checked it. */
export interface DraftInput {
  convoId: string
  message: ChatBskyConvoDefs.MessageInput
}

/** The lexicon's union is open; what we could not show again is refused rather than lost. */
const embedTypes: ReadonlySet<string> = new Set(['app.bsky.embed.record', 'chat.bsky.embed.joinLink'])

/** @throws InvalidConvo, InvalidRequest, ReplyTargetNotFound */
export function readDraft(input: DraftInput, idempotencyKey: string | undefined): Draft {
  const { text, facets, embed, replyTo } = input.message
  // Official clients send "" together with an embed, and refuse to send nothing at all (behaviour.md 7 (36)).
  if (text.trim() === '' && !embed) throw invalidRequest('a message needs text or an embed')
  if (embed && !embedTypes.has(embed.$type)) throw invalidRequest('embeds are records and join links')
  // Our schemas lack this minimum of the lexicon, and official clients refuse a whole page for one such facet.
  if (facets?.some(({ index }) => index.byteStart < 0 || index.byteEnd < 0))
    throw invalidRequest('a facet begins and ends at a byte of the text, 0 or above')
  const body: MessageBody = {
    text,
    ...(facets && { facets }),
    ...(embed && { embed }),
    ...(replyTo && { replyTo: readReplyTo(replyTo.messageId) }),
  }
  const json = JSON.stringify(body)
  if (Buffer.byteLength(json) > messageBodyBytesMax) {
    throw invalidRequest(`a message may have ${messageBodyBytesMax} bytes, facets and embed included`)
  }
  return {
    convoId: readConvoId(input.convoId),
    // As every store will have it, so that the same input compares the same: -0 is 0 there.
    body: JSON.parse(json) as MessageBody,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  }
}

export function replyTargetNotFound(): AppError {
  return new AppError('ReplyTargetNotFound', 'the message to reply to is not in this conversation')
}

function readReplyTo(text: string): Tid {
  const messageId = parseTid(text)
  if (messageId === undefined) throw replyTargetNotFound()
  return messageId
}

/** @throws InvalidRequest */
export function readIdempotencyKey(key: unknown): string | undefined {
  if (key === undefined) return undefined
  if (typeof key === 'string' && isKey(key)) return key
  throw invalidRequest(
    `idempotencyKey must be a string of 1 to ${idempotencyKeyCharsMax} characters, none of them a control character`,
  )
}

function isKey(text: string): boolean {
  return text !== '' && text.length <= idempotencyKeyCharsMax && !/\p{Cc}/u.test(text)
}
