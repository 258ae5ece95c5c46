import type { Command } from 'commander'
import { type GlobalOptions, Run } from '../run.ts'
import type { World } from '../world.ts'

/** Adds a command to its parent. */
export type AddCommand = (parent: Command, act: Act) => Command

/** What a command does, with its own options and then its arguments. */
export type Handler<Options, Args extends unknown[]> = (
  run: Run,
  options: Options,
  ...args: Args
) => Promise<void>

/** Turns what a command does into what `Command.action()` takes. */
export type Act = <Options, Args extends unknown[]>(
  handler: Handler<Options, Args>,
) => (...all: unknown[]) => Promise<void>

export function actIn(world: World): Act {
  return handler =>
    async (...all) => {
      const command = all.pop() as Command
      const options = all.pop()
      const run = new Run(world, command.optsWithGlobals<GlobalOptions>())
      await handler(run, options as never, ...(all as never))
    }
}

/** What the help of a command ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map(line => `  $ ${line}`).join('\n')}\n`
}
