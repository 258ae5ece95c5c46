import type { Answered, AnyMessage } from '../message.ts'
import type { ExportFormat } from './export-lines.ts'

/** A document to read: a heading for each conversation, a paragraph for each message, times in UTC. */
export const markdown: ExportFormat = {
  begin: ({ handle }) => [`# Conversations of ${inLine(handle)}`],
  convo: ({ title }) => ['', `## ${inLine(title)}`],
  message(message) {
    if (message.type === 'unknown') return []
    const time = message.sentAt.toISOString().slice(0, 16).replace('T', ' ')
    const name = 'sender' in message ? `**${inLine(message.sender.name)}** ` : ''
    return ['', `${name}${time}  `, ...said(message)]
  },
}

function said(message: Exclude<AnyMessage, { type: 'unknown' }>): string[] {
  if (message.type === 'system') return [`*${inLine(message.summary)}*`]
  if (message.type === 'deleted') return ['*deleted*']
  const text = plain(message.text).replaceAll('\n', '  \n').split('\n')
  // What follows a quote at once would be part of it.
  return message.replyTo ? [`> ${quoted(message.replyTo)}`, '', ...text] : text
}

const quoteCharactersMax = 100

/** What is answered, in a line. */
function quoted(answered: Answered): string {
  if (answered.type === 'hidden') return '*a message from before*'
  if (answered.type === 'unknown') return '*a message of another kind*'
  const who = inLine(answered.sender.name)
  if (answered.type === 'deleted') return `${who}: *deleted*`
  const [line = '', ...rest] = answered.text.trim().split('\n')
  const characters = [...line]
  const isCut = rest.length > 0 || characters.length > quoteCharactersMax
  return `${who}: ${inLine(characters.slice(0, quoteCharactersMax).join(''))}${isCut ? ' …' : ''}`
}

/** What must not break a line off, such as a heading. */
function inLine(text: string): string {
  return plain(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim())
}

/** So that it reads as it was written, whatever Markdown would make of it. */
function plain(text: string): string {
  return text.replace(
    /[\\`*_[\]<~]|&(?=#?\w+;)|^\s*(?:[#>+=|-]|\d+[.)])/gm,
    mark => `${mark.slice(0, -1)}\\${mark.slice(-1)}`,
  )
}
