import { addAbortSignal } from 'node:stream'
import type { CommonOptions } from '@clack/prompts'
import { CliError } from './errors.ts'
import { Interrupted, type World } from './world.ts'

export interface Question {
  message: string
  /** What is typed is not shown. */
  isSecret?: boolean
  placeholder?: string
}

/** Whether there is somebody to ask. */
export function canAsk({ stdin, stderr }: World): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** Asks the user, on standard error so that the output stays what was asked for. Throws Interrupted on Ctrl-C. */
export async function ask(
  world: World,
  { message, isSecret = false, placeholder }: Question,
): Promise<string> {
  const { password, text } = await import('@clack/prompts')
  const validate = (value: string | undefined) => (value?.trim() ? undefined : 'Nothing was typed.')
  const answer = await asked<string>(world, terminal =>
    isSecret
      ? password({ ...terminal, message, validate })
      : text({ ...terminal, message, validate, ...(placeholder && { placeholder }) }),
  )
  return answer.trim()
}

/** Asks a question that is answered with yes or no, which Enter alone means. Throws as ask(). */
export async function confirm(world: World, message: string): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  return asked<boolean>(world, terminal => prompts.confirm({ ...terminal, message, initialValue: false }))
}

/** What a question needs of the terminal. */
type Terminal = Pick<CommonOptions, 'input' | 'output' | 'signal'>

async function asked<T>(world: World, question: (terminal: Terminal) => Promise<T | symbol>): Promise<T> {
  const ended = new AbortController()
  const end = () => ended.abort()
  world.stdin.once('end', end)
  const signal = AbortSignal.any([world.signal, ended.signal])
  const answer = await question({ input: world.stdin, output: world.stderr, signal })
  world.stdin.off('end', end)
  if (ended.signal.aborted) throw new CliError('usage', 'the input ended before the question was answered')
  if (typeof answer === 'symbol') throw new Interrupted('SIGINT')
  return answer
}

/** All of standard input, without the line end that `echo` adds. */
export async function readStdin(world: World, limitBytes = 1_000_000): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of addAbortSignal(world.signal, world.stdin)) {
    const buffer = Buffer.from(chunk)
    bytes += buffer.length
    if (bytes > limitBytes) throw new CliError('usage', `standard input has more than ${limitBytes} bytes`)
    chunks.push(buffer)
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
