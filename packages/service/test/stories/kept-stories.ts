import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Story } from './deed.ts'

/** Stories that failed once, by what they caught then. They are told before all others, for ever. */
export function keptStories(): [caught: string, story: Story][] {
  return globSync(`${import.meta.dirname}/kept/*.json`)
    .sort()
    .map(path => [
      basename(path, '.json').replaceAll('-', ' '),
      JSON.parse(readFileSync(path, 'utf8')) as Story,
    ])
}
