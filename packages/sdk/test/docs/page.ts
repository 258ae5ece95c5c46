import { readFileSync } from 'node:fs'
import { type Scenario, scenarioOf } from './scenario.ts'

/** A block of TypeScript on a page. */
export interface Snippet {
  /** Of the page, from the repository's root. */
  path: string
  /** Where the code begins, counted from 1. */
  line: number
  code: string
  scenario: Scenario
  /** What it prints, line by line, as its comments `//=> …` say; undefined where there are none. */
  prints: string[] | undefined
}

const block = /(?:<!-- snippet\b([\s\S]*?)-->\s*)?^( *)```ts\n([\s\S]*?)^ *```$/gm

/** The snippets of a page, in order. */
export function snippetsOf(root: URL, path: string): Snippet[] {
  const text = readFileSync(new URL(path, root), 'utf8')
  const blocks = [...text.matchAll(block)]
  const told = blocks.filter(([, comment]) => comment !== undefined).length
  if (text.split('<!-- snippet').length - 1 !== told)
    throw new Error(`${path}: a comment about a snippet has none behind it`)
  return blocks.map(match => {
    const [all, comment, , code = ''] = match
    const line = text.slice(0, match.index + all.indexOf('```ts')).split('\n').length + 1
    const prints = [...code.matchAll(/\/\/=> ?(.*)$/gm)].map(([, said]) => said!)
    try {
      return {
        path,
        line,
        code,
        scenario: scenarioOf(comment),
        prints: prints.length > 0 ? prints : undefined,
      }
    } catch (cause) {
      throw new Error(`${path}:${line}: the comment before the snippet: ${(cause as Error).message}`)
    }
  })
}

/** Whether `said` is `expected`, in which `…` stands for any text. */
export function isAs(expected: string, said: string): boolean {
  const parts = expected.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(said.trimEnd())
}
