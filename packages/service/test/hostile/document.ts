import type { Chapter } from './attack.ts'
import { chapters, patience } from './chapters.ts'

export const documentUrl = new URL('../../../../docs/hostile-input.md', import.meta.url)

/** docs/hostile-input.md, as the tables say it. */
export function hostileInputDocument(): string {
  return [introduction, ...[...chapters, patience].map(written)].join('\n')
}

const introduction = `# Hostile input

What strangers and members may send, and what the network may answer us, and what comes of it. This page is written from
the tables in \`packages/service/test/hostile/\` (\`npx node packages/service/test/hostile/write-document.ts\`), and every
row is played against a real service on real sockets by \`packages/service/test/hostile.test.ts\`.

An answer is a status and the name of an error; \`answered\` where nothing is refused, which the row explains;
\`closed\` where the connection ends without one. Several stand for several requests. After each row good calls are
answered as before, and what was refused has changed nothing. Nobody has asked the PLC directory unless the row
says how often. All rows together make the process grow by less than 256 MB.

Protections are named by their files in \`packages/service/src\`. Ours were taken out one by one to see rows fail; where none
did, another stands behind it.
`

function written({ title, about, attacks }: Chapter): string {
  return [
    `## ${title}\n`,
    `${about}\n`,
    '| what comes | what comes of it | because of |',
    '|---|---|---|',
    ...attacks.map(({ what, answer, protection, bound, lookUpsMax }) => {
      const asked = lookUpsMax
        ? [`asks the directory at most ${lookUpsMax === 1 ? 'once' : `${lookUpsMax} times`}`]
        : []
      const notes = [...(bound ? [bound] : []), ...asked]
      return `| ${cell(what)} | ${[answer, ...notes].join('; ')} | ${cell(protection)} |`
    }),
    '',
  ].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('__', '\\_\\_').replaceAll('*', '\\*')
}
