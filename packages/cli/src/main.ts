import { programFor } from './program.ts'
import { report } from './report.ts'
import type { GlobalOptions } from './run.ts'
import type { World } from './world.ts'

/** Runs one command line to its end. Gives the exit code; throws nothing. */
export async function main(world: World): Promise<number> {
  const program = programFor(world)
  try {
    await program.parseAsync(world.args, { from: 'user' })
    // What listens to the signal has ended by itself.
    if (world.signal.aborted) throw world.signal.reason
    return 0
  } catch (error) {
    return report(world, program.opts<GlobalOptions>(), error)
  }
}
