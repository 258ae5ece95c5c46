import type { AnyMessage } from '@parley/sdk'
import type { World } from '../world.ts'
import type { Printer } from './printer.ts'
import { timeOf } from './time.ts'
import { nameOf } from './views.ts'

/** A message for people: who and when, what it is called, then its text. */
export async function showMessage(
  out: Printer,
  message: AnyMessage,
  world: World,
  convoTitle?: string,
): Promise<void> {
  const { paint } = out
  if (message.type === 'unknown')
    return out.line(paint.dim('(a message of a kind that is newer than this program)'))
  const time = paint.dim(timeOf(message.sentAt, world))
  const where = convoTitle === undefined ? [] : [paint.dim(` in ${convoTitle}`)]
  if (message.type === 'system') return out.line(time, '  ', paint.dim(`— ${message.summary}`), ...where)
  const { sender } = message
  const who = sender.isMe ? paint.green('you') : paint.bold(sender.name)
  const handle =
    !sender.isMe && sender.handle && sender.handle !== sender.name ? [' ', paint.dim(sender.handle)] : []
  await out.line(time, '  ', who, ...handle, ...where, '  ', paint.dim(nameOf(message)))
  if (message.type === 'deleted') return out.line('    ', paint.dim('(deleted)'))
  const answered = message.replyTo
  if (answered?.type === 'message') await out.line('    ', paint.dim(`> ${firstLine(answered.text)}`))
  await out.text(message.text, '    ')
  if (message.embed)
    await out.line('    ', paint.dim(`[${message.embed.$type?.replace(/^.*\.|#.*$/g, '') ?? 'embed'}]`))
  const reactions = message.reactions.map(({ value, sender: by }) => `${value} ${by.isMe ? 'you' : by.name}`)
  if (reactions.length > 0) await out.line('    ', paint.dim(reactions.join('  ')))
}

/** What a message says, in one line. */
export function excerptOf(message: AnyMessage | undefined): string {
  if (message === undefined || message.type === 'unknown') return ''
  if (message.type === 'system') return `— ${message.summary}`
  if (message.type === 'deleted') return '(deleted)'
  return `${message.fromMe ? 'you: ' : ''}${message.text}`
}

function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return rest.length > 0 || first.length > 80 ? `${first.slice(0, 80)}…` : first
}
