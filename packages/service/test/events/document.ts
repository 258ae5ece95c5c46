import { type Audience, type Row, sections } from './table.ts'

/** docs/events.md: the table for people to read. */
export function eventsDocument(): string {
  const tables = sections.map(({ title, rows }) =>
    [`## ${title}`, '', ...header, ...rows.map(line)].join('\n'),
  )
  return `${introduction}\n${tables.join('\n\n')}\n`
}

const introduction = `# Events

Who is told what, and in which order. This page is written from \`packages/service/test/events/table.ts\`, whose every row is
played on every store and compared with the logs of all who are on stage: the actor, the other members (one of them
invited, one of them muting), the owner, the subject, a stranger, and one who left.

\`\`\`sh
npx node packages/service/test/events/write-document.ts
\`\`\`

- **actor, others, owner, subject**: what \`getLog\` gives them, in order, as \`chat.bsky.convo.defs#log…\`. The owner's
  column is empty where the owner is the actor or hears what the others hear, the subject's where there is none or it
  is the actor; – is nothing.
- **stored**: system messages in the history, \`chat.bsky.convo.defs#systemMessageData…\`, each under the rev of its rows.
- **\`rev\` rises**: for whom the convo moves up, of those who had it before.
- **moderators**: \`chat.bsky.moderation.subscribeModEvents#event…\`.

A row about a message is read with the message: whoever has left a group before reading their log no longer finds the
earlier rows about its messages there, only that they have left.
`

const header = [
  '| action | actor | others | owner | subject | stored | `rev` rises | moderators |',
  '|---|---|---|---|---|---|---|---|',
]

function line({ action, actor, others, owner, subject, stored, raises, moderators }: Row): string {
  const cells = [
    actionCell(action),
    told(actor),
    told(others),
    owner ? told(owner) : '',
    subject ? told(subject) : '',
    told(stored ?? []),
    raisedFor(raises ?? []),
    told(moderators ?? []),
  ]
  return `| ${cells.join(' | ')} |`
}

function actionCell(action: string): string {
  return action.replace(/^\w+(?=:)/, '`$&`')
}

function told(types: readonly string[]): string {
  return types.join(', ') || '–'
}

function raisedFor(audiences: readonly Audience[]): string {
  return audiences.length === 4 ? 'everybody' : audiences.join(', ') || '–'
}
