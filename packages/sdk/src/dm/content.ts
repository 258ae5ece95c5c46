import type { Main as Facet } from '@atcute/bluesky/types/app/richtext/facet'
import type { Did } from '@atcute/lexicons/syntax'
import { ChatError } from '../errors.ts'
import { detect } from '../rich-text/detect.ts'
import { RichText } from '../rich-text/rich-text.ts'
import { TextBuilder } from '../rich-text/text-builder.ts'
import type { MessageInput } from './views.ts'

/** A plain string, or text of which it is known what is a link, a mention or a tag. */
export type Text = string | RichText | TextBuilder

/** What can be sent: text, or text with more. In a plain string, links, mentions and hashtags are found. */
export type Content = Text | MessageContent

/** Text, and what a message can have beside it. */
export interface MessageContent {
  text: Text
  /** The message that is answered, or its id. It must be of the same conversation. */
  replyTo?: { id: string } | string
  /** A post (`app.bsky.embed.record`), or a link to join a group (`chat.bsky.embed.joinLink`). */
  embed?: MessageInput['embed']
  /** In place of those that are found in `text`, which is a string then. */
  facets?: Facet[]
}

/** As `sendMessage` takes it. A mention of nobody stays plain text; other trouble of a look-up fails the send. */
export async function messageInput(
  content: Content,
  find: (actor: string) => Promise<Did>,
): Promise<MessageInput> {
  const { text, replyTo, embed, facets } = isText(content) ? { text: content } : content
  const written = facets === undefined ? await faceted(text, find) : { text: plain(text), facets }
  const input: MessageInput = { text: written.text }
  if (written.facets.length > 0) input.facets = written.facets
  if (embed !== undefined) input.embed = embed
  if (replyTo !== undefined) input.replyTo = { messageId: typeof replyTo === 'string' ? replyTo : replyTo.id }
  return input
}

/** The same as an answer to a message. */
export function answering(content: Content, messageId: string): MessageContent {
  return { ...(isText(content) ? { text: content } : content), replyTo: messageId }
}

/** Text of whatever kind as RichText; a plain string is searched for links, mentions and hashtags. */
export function richTextOf(text: Text): RichText {
  if (text instanceof RichText) return text
  return text instanceof TextBuilder ? text.build() : detect(text)
}

function isText(content: Content): content is Text {
  return typeof content === 'string' || content instanceof RichText || content instanceof TextBuilder
}

function plain(text: Text): string {
  return typeof text === 'string' ? text : richTextOf(text).text
}

function faceted(text: Text, find: (actor: string) => Promise<Did>) {
  return richTextOf(text).withFacets(async actor => {
    try {
      return await find(actor)
    } catch (error) {
      const isNobody =
        error instanceof ChatError && (error.is('identity/unresolved') || error.is('invalid-input'))
      if (isNobody) return undefined
      throw error
    }
  })
}
