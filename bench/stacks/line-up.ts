import type { PartOptions } from '../parts/part.ts'
import { startOurs } from './ours.ts'
import { ownFolder } from './own-folder.ts'
import { startProgram } from './program.ts'
import type { Stack } from './stack.ts'

export interface LineUp extends AsyncDisposable {
  stacks: Stack[]
}

/** The floor, the reference, ours, and where asked for ours with a log line per request. */
export async function startLineUp(
  { quick, folder, engine }: PartOptions,
  { messages, withLog }: { messages: number; withLog: boolean },
): Promise<LineUp> {
  await using opened = new AsyncDisposableStack()
  const { path: own } = opened.use(await ownFolder(folder, 'line-up'))
  const options = { folder: own, accounts: quick ? 20 : 1000, messages }
  const stacks = [
    opened.use(await startProgram('floor', options)),
    opened.use(await startProgram('reference', options)),
    opened.use(await startOurs({ ...options, engine })),
    ...(withLog
      ? [opened.use(await startOurs({ ...options, engine, name: 'ours, info', logLevel: 'info' }))]
      : []),
  ]
  const resources = opened.move()
  return { stacks, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
