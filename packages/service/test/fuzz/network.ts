import type { Dice } from './dice.ts'
import type { World } from './world.ts'

/** What happens elsewhere meanwhile: somebody blocks or follows somebody, or forgives everybody, ivan goes and comes. */
export function happen(world: World, dice: Dice): void {
  const { people } = world.stage
  const [one, other] = [dice.pick(world.dids), dice.pick(world.dids)]
  const { ivan } = world.actors
  const events: (() => void)[] = [
    () => {
      if (one !== other) people.block(one, other)
    },
    // Few blocks at a time, so that most may talk.
    () => {
      for (const did of world.dids) people.unblock(one, did)
    },
    () => people.follow(one, other),
    () => people.remove(ivan.did),
    () => people.add(ivan.did, { handle: 'ivan.test', allowIncoming: 'all' }),
  ]
  dice.pick(events)()
}
