import { CliError } from '../errors.ts'

export interface MessageName {
  convoId: string
  messageId: string
}

/** Reads `convo/message`, as `parley read` shows it. */
export function readMessageName(name: string): MessageName {
  const [, convoId, messageId] = /^([\w.:~-]+)\/([\w.:~-]+)$/.exec(name) ?? []
  if (convoId !== undefined && messageId !== undefined) return { convoId, messageId }
  throw new CliError(
    'usage',
    `"${name}" names no message`,
    'Messages are named as parley read shows them: two ids with a / between them.',
  )
}
