import { programFor } from './program.ts'
import { report } from './report.ts'
import type { World } from './world.ts'

/** How long what is under way may take to end when the program is told to. */
const graceMs = 2_000

/** Runs one command line to its end. Gives the exit code; throws nothing. */
export async function main(world: World): Promise<number> {
  try {
    await Promise.race([
      programFor(world).parseAsync(world.args, { from: 'user' }),
      interrupted(world.signal),
    ])
    // What listens to the signal has ended by itself.
    if (world.signal.aborted) throw world.signal.reason
    return 0
  } catch (error) {
    return report(world, error)
  }
}

function interrupted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => setTimeout(() => reject(signal.reason), graceMs).unref()
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
