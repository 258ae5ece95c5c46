import { addAbortSignal } from 'node:stream'
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
  const { isCancel, password, text } = await import('@clack/prompts')
  const ended = new AbortController()
  const end = () => ended.abort()
  world.stdin.once('end', end)
  const options = {
    message,
    input: world.stdin,
    output: world.stderr,
    signal: AbortSignal.any([world.signal, ended.signal]),
    validate: (value: string | undefined) => (value?.trim() ? undefined : 'Nothing was typed.'),
  }
  const answer = isSecret
    ? await password(options)
    : await text({ ...options, ...(placeholder && { placeholder }) })
  world.stdin.off('end', end)
  if (ended.signal.aborted) throw new CliError('usage', 'the input ended before the question was answered')
  if (isCancel(answer)) throw new Interrupted('SIGINT')
  return answer.trim()
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
