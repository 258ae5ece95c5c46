import { CliError } from '../errors.ts'
import { readStdin } from '../prompts.ts'
import type { World } from '../world.ts'

/** The words of the command line, or standard input where there are none (or only `-`). */
export async function whatToSay(world: World, words: readonly string[]): Promise<string> {
  const isGiven = words.length > 0 && !(words.length === 1 && words[0] === '-')
  if (!isGiven && words.length === 0 && world.stdin.isTTY)
    throw new CliError('usage', 'there is nothing to send', 'Write the text behind it, or pipe it in.')
  const text = isGiven ? words.join(' ') : await readStdin(world)
  if (text.trim() === '') throw new CliError('usage', 'there is nothing to send', 'The text is empty.')
  return text
}
