import { type Chapter, chapters } from './chapters.ts'
import { texts } from './words.ts'

export const documentUrl = new URL('../../../../docs/authorization.md', import.meta.url)

/** docs/authorization.md, as the matrix says it. */
export function authorizationDocument(): string {
  return [introduction, ...chapters.map(written)].join('\n')
}

const introduction = `# Who may do what

Every method, called by everybody. This page is written from \`packages/service/test/authorization/matrix.ts\`
(\`npx node packages/service/test/authorization/write-document.ts\`), and every cell is played, on every store, by
\`packages/service/test/authorization.test.ts\`. A method without a row fails the tests.

| answer | meaning |
|---|---|
| ok | answered |
| shown | answered, and the convo is in the answer |
| hidden | answered, and nothing of the convo is in the answer |
${Object.entries(texts)
  .map(([word, text]) => `| ${word} | refused: \`InvalidRequest\`, "${text}" |`)
  .join('\n')}
| a name | refused by that error |

A refused call, and a query other than \`getConvoForMembers\`, writes nothing. Nobody who does not see the history
finds any of it in an answer, and to a stranger a convo or message that exists and one that does not are the same, byte
for byte, as are a code that was replaced and one that never was (\`what-answers-tell.test.ts\`).

Each call is a good one but for who calls: it names the convo, a message in it that the other side has written, somebody
who asks to join, one who is a member or is none, whichever the method needs. Links are disabled before they are created
or enabled, groups are locked before they are unlocked. \`getConvoForMembers\`, \`getConvoAvailability\` and \`createGroup\` name
the other side: in a group its owner, or a member where the caller is the owner.
`

function written({ title, about, situations, rows }: Chapter): string {
  const columns = situations.map(({ name }) => name)
  return [
    `## ${title}\n`,
    `${about} The caller …\n`,
    ...situations.map(({ name, meaning }) => `- **${name}**: ${meaning}`),
    '',
    tableRow('method', columns),
    `|${'---|'.repeat(columns.length + 1)}`,
    ...rows.map(({ method, cells }) => tableRow(method, cells)),
    '',
  ].join('\n')
}

function tableRow(first: string, cells: readonly string[]): string {
  return `| ${[first, ...cells].join(' | ')} |`
}
