import type { AnyMessage } from '../message.ts'
import type { ConvoView } from '../views.ts'
import type { ExportFormat } from './export-lines.ts'

/**
 * What a line of an export holds. `version` rises when what is here changes its meaning; more fields and more types may
 * come without. The views are the lexicon's, as the service answered. Where a conversation comes twice, after an export
 * that was broken off and begun anew, the later lines count.
 */
export type JsonLine =
  | { type: 'export'; version: 1; did: string; handle: string }
  | { type: 'convo'; convoId: string; title: string; convo: ConvoView }
  /** `sender`: a handle, or a DID where that is not known; a system message has none. */
  | { type: 'message'; convoId: string; sender?: string; message: AnyMessage['raw'] }

export const jsonLines: ExportFormat = {
  begin: ({ did, handle }) => line({ type: 'export', version: 1, did, handle }),
  convo: ({ id, title, raw }) => line({ type: 'convo', convoId: id, title, convo: raw }),
  message(message) {
    const { convoId, raw } = message
    const from = 'sender' in message ? message.sender : undefined
    const sender = from && { sender: from.handle ?? from.did }
    return line({ type: 'message', convoId, ...sender, message: raw })
  },
}

function line(object: JsonLine): string[] {
  return [JSON.stringify(object)]
}
