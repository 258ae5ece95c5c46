import { clean, escapeJson } from '../output/clean.ts'

export type Format = 'jsonl' | 'markdown'

/** A line of an export without what a terminal would obey: somebody will look at the file in one. */
export function cleanLine(line: string, format: Format): string {
  return format === 'jsonl' ? escapeJson(line) : clean(line)
}
