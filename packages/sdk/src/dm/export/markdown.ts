import type { AnyMessage } from '../message.ts'
import type { ExportFormat } from './export-lines.ts'

/** A document to read: a heading for each conversation, a paragraph for each message, times in UTC. */
export const markdown: ExportFormat = {
  begin: ({ handle }) => [`# Conversations of ${plain(handle)}`],
  convo: ({ title }) => ['', `## ${plain(title)}`],
  message(message) {
    if (message.type === 'unknown') return []
    const time = message.sentAt.toISOString().slice(0, 16).replace('T', ' ')
    const name = 'sender' in message ? `**${plain(message.sender.name)}** ` : ''
    return ['', `${name}${time}  `, ...said(message).split('\n')]
  },
}

function said(message: Exclude<AnyMessage, { type: 'unknown' }>): string {
  if (message.type === 'system') return `*${plain(message.event)}*`
  return message.type === 'deleted' ? '*deleted*' : plain(message.text).replaceAll('\n', '  \n')
}

/** So that it reads as it was written, whatever Markdown would make of it. */
function plain(text: string): string {
  return text.replace(
    /[\\`*_[\]<~]|^\s*(?:[#>+=|-]|\d+[.)])/gm,
    mark => `${mark.slice(0, -1)}\\${mark.slice(-1)}`,
  )
}
