import { isAbsolute, join } from 'node:path'
import type { World } from '../world.ts'

/** Where the program keeps what it must know next time, for the user's eyes only. */
export function stateFolder({ env, home }: Pick<World, 'env' | 'home'>): string {
  const chosen = env.XDG_STATE_HOME
  // The specification wants relative ones ignored.
  return join(chosen && isAbsolute(chosen) ? chosen : join(home, '.local', 'state'), 'parley')
}
