import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PartOptions } from '../parts/part.ts'
import { startOurs } from './ours.ts'
import { startProgram } from './program.ts'
import type { Stack } from './stack.ts'

export interface LineUp extends AsyncDisposable {
  stacks: Stack[]
}

/** The floor, the reference, ours, and where asked for ours with a log line per request. */
export async function startLineUp(
  { quick, folder }: PartOptions,
  { messages, withLog }: { messages: number; withLog: boolean },
): Promise<LineUp> {
  await using opened = new AsyncDisposableStack()
  const own = await mkdtemp(join(folder, 'line-up-'))
  opened.defer(() => rm(own, { recursive: true, force: true }))
  const options = { folder: own, accounts: quick ? 20 : 1000, messages }
  const stacks = [
    opened.use(await startProgram('floor', options)),
    opened.use(await startProgram('reference', options)),
    opened.use(await startOurs(options)),
    ...(withLog ? [opened.use(await startOurs({ ...options, name: 'ours, info', logLevel: 'info' }))] : []),
  ]
  const resources = opened.move()
  return { stacks, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
