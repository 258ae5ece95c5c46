import { ChatError } from '../../errors.ts'
import type { KeyValueStore } from '../../key-value-store.ts'
import type { DmContext } from '../context.ts'
import type { Conversation } from '../conversation.ts'
import type { DirectMessages } from '../direct-messages.ts'
import type { AnyMessage } from '../message.ts'
import { jsonLines } from './json-lines.ts'
import { markdown } from './markdown.ts'

/** What an export holds, and what it tells while it is made. */
export interface ExportOptions {
  /** `jsonl`: one JSON object in a line, see JsonLine. `markdown`: for people. Default jsonl. */
  format?: 'jsonl' | 'markdown'
  /** Only messages from this moment on, and conversations that have some. Default all. */
  since?: Date
  /**
   * Remembers which conversations have been taken whole. An export of the same format and moment that begins anew with the
   * same store leaves them out unless something has happened there: then all of it comes again. Default nothing.
   */
  resume?: KeyValueStore
  onProgress?: (progress: ExportProgress) => void
  signal?: AbortSignal
}

/** How far an export is. Told after each conversation, and after each hundred messages of one. */
export interface ExportProgress {
  convos: number
  convosTotal: number
  messages: number
}

/** A form that an export can have: its lines, without their ends. */
export interface ExportFormat {
  begin(me: { did: string; handle: string }): string[]
  convo(convo: Conversation): string[]
  message(message: AnyMessage): string[]
}

const formats: Readonly<Record<NonNullable<ExportOptions['format']>, ExportFormat>> = {
  jsonl: jsonLines,
  markdown,
}

/** On an account in which something happens all the time it need not end by itself. */
const ROUNDS_MAX = 5

/** All conversations of the account, each followed by its messages, oldest first. Holds one conversation in memory. */
export async function* exportLines(
  context: DmContext,
  dm: DirectMessages,
  options: ExportOptions = {},
): AsyncGenerator<string> {
  const { format = 'jsonl', since, resume, onProgress, signal } = options
  const { begin, convo: head, message: body } = formats[format]
  const paging = { pageSize: 100, ...(signal && { signal }) }
  const convos = await allConvos(dm, paging)
  const progress: ExportProgress = { convos: 0, convosTotal: convos.length, messages: 0 }
  const me = context.account.session()
  if (me) yield* begin(me)
  for (const convo of convos) {
    const key = `exported ${convo.id} ${format} ${since?.toISOString() ?? ''}`.trimEnd()
    if ((await resume?.get(key)) !== convo.rev) {
      const messages: AnyMessage[] = []
      try {
        for await (const message of convo.messages({ ...paging, ...(since && { since }) })) {
          progress.messages += 1
          if (messages.push(message) % 100 === 0) onProgress?.({ ...progress })
        }
      } catch (error) {
        // Left, or thrown out of it, since it was listed.
        if (!(error instanceof ChatError && error.is('convo/not-found'))) throw error
        continue
      }
      if (since === undefined || messages.length > 0) yield* head(convo)
      for (const message of messages.reverse()) yield* body(message)
      await resume?.set(key, convo.rev)
    }
    progress.convos += 1
    onProgress?.({ ...progress })
  }
}

/**
 * All of them, before the first message is read. Looks again for what has changed meanwhile: a conversation that moves to
 * the front while the pages behind are read would be missed.
 */
async function allConvos(
  dm: DirectMessages,
  paging: { pageSize: number; signal?: AbortSignal },
): Promise<Conversation[]> {
  const found = new Map<string, Conversation>()
  let known = ''
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let newest = known
    for await (const convo of dm.conversations(paging)) {
      if (convo.rev <= known) break
      found.set(convo.id, convo)
      if (convo.rev > newest) newest = convo.rev
    }
    if (newest === known) break
    known = newest
  }
  return [...found.values()]
}
