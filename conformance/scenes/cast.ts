import type { Actor, Cast } from './script.ts'
import type { NameOf } from './tell.ts'

/** What a stage brings for one scene. */
export interface Entrances {
  /** A new actor. Called once for each name, when the scene first says it. */
  enter(name: string, nameOf: NameOf): Actor
  crowd(names: string[], nameOf: NameOf): Promise<Actor[]>
  visitor: Cast['visitor']
  moderator: Cast['moderator']
}

/** A cast whose actors come when they are called, so that nobody waits for those who are not. */
export function castOf({ enter, crowd, visitor, moderator }: Entrances): Cast {
  const actors = new Map<string, Actor>()
  const nameOf: NameOf = did => [...actors.values()].find(actor => actor.did === did)?.name ?? did
  const add = (actor: Actor) => {
    actors.set(actor.name, actor)
    return actor
  }
  const call = (name: string) => actors.get(name) ?? add(enter(name, nameOf))
  return {
    get alice() {
      return call('alice')
    },
    get bob() {
      return call('bob')
    },
    get carla() {
      return call('carla')
    },
    get dave() {
      return call('dave')
    },
    get erin() {
      return call('erin')
    },
    async crowd(count) {
      const names = Array.from({ length: count }, (_, place) => `guest ${place + 1}`)
      return (await crowd(names, nameOf)).map(add)
    },
    visitor,
    moderator,
  }
}
