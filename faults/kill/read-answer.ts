import type { Answer, ConvoState, Op, Row, Told } from '../checker/history.ts'

/** What is used of the answers of `chat.bsky.convo.*`, whichever method gave them. */
export interface CallOutput {
  cursor?: string
  logs?: LogOutput[]
  messages?: MessageOutput[]
  message?: MessageOutput
  convo?: ConvoOutput
  convos?: ConvoOutput[]
  members?: { did: string }[]
}

export interface ConvoOutput {
  id: string
  rev: string
  unreadCount: number
  status: string
  kind: { $type: string; name?: string }
  lastMessage?: { id: string }
}

interface LogOutput {
  $type: string
  rev: string
  convoId: string
  message?: MessageOutput
}

interface MessageOutput {
  id: string
  rev: string
  text?: string
  sender?: { did: string }
  reactions?: { value: string; sender: { did: string } }[]
}

/** What a history keeps of an answer. */
export function readAnswer(op: Op, output: CallOutput): Answer {
  switch (op) {
    case 'send':
      return { message: told(output as MessageOutput) }
    case 'react':
    case 'unreact':
      return { message: told(output.message!) }
    case 'log':
      return { cursor: output.cursor!, rows: output.logs!.map(row) }
    case 'page':
      return { messages: output.messages!.map(told), older: output.cursor !== undefined }
    default:
      return output.convo ? { convo: convoState(output.convo) } : {}
  }
}

export function told({ id, rev, text, sender, reactions }: MessageOutput): Told {
  return {
    id,
    rev,
    ...(text !== undefined && { text }),
    ...(sender && { sender: sender.did }),
    ...(reactions?.length && {
      reactions: reactions.map(({ value, sender }) => `${value} ${sender.did}`).sort(),
    }),
  }
}

export function row({ $type, rev, convoId, message }: LogOutput): Row {
  const type = $type.replace(/^.*#log(.)/, (_, letter: string) => letter.toLowerCase())
  return {
    rev,
    type,
    convo: convoId,
    ...(message && { message: message.id }),
    ...(message?.text !== undefined && { text: message.text }),
    ...(message?.sender && { sender: message.sender.did }),
  }
}

export function convoState({ id, rev, unreadCount, status, lastMessage }: ConvoOutput): ConvoState {
  return { id, rev, unread: unreadCount, status, ...(lastMessage && { last: lastMessage.id }) }
}
