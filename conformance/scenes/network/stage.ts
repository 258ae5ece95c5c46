import { createActor } from '../actor.ts'
import { castOf } from '../cast.ts'
import { methodsBy } from '../methods.ts'
import type { Actor, Moderator, Scene } from '../script.ts'
import type { NameOf } from '../tell.ts'
import type { NetworkAccount } from './account.ts'
import { type AccountSource, loggedIn } from './account-source.ts'
import { Pool, type Ready } from './pool.ts'
import { callAsNobody, type Service } from './service.ts'

/** Plays scenes on a service somewhere in a network, one after another. */
export class NetworkStage {
  readonly #service: Service
  readonly #pool: Pool

  static async open(service: Service, source: AccountSource): Promise<NetworkStage> {
    const witness = await loggedIn(source, service)
    if (!witness) throw new Error('scenes need accounts, and there is none')
    return new NetworkStage(service, new Pool(() => loggedIn(source, service, witness)))
  }

  private constructor(service: Service, pool: Pool) {
    this.#service = service
    this.#pool = pool
  }

  async play(scene: Scene): Promise<void> {
    await this.#pool.prepare()
    const taken: NetworkAccount[] = []
    const enter = (name: string, nameOf: NameOf, { account, cursor }: Ready): Actor => {
      taken.push(account)
      const { call, readExport } = account
      return createActor({ name, account: actingFor(account), call, readExport, nameOf, cursor })
    }
    const cast = castOf({
      enter: (name, nameOf) => enter(name, nameOf, this.#pool.take(taken)),
      crowd: async (names, nameOf) => {
        const crowd = await this.#pool.takeCrowd(names.length, taken)
        return crowd.map((ready, place) => enter(names[place]!, nameOf, ready))
      },
      visitor: methodsBy(callAsNobody(this.#service)),
      moderator: nobody,
    })
    try {
      await scene.play(cast)
    } finally {
      await this.#pool.giveBack(taken)
    }
  }
}

function actingFor(account: NetworkAccount) {
  return {
    did: account.did,
    follow: (other: Actor) => account.follow(other),
    block: (other: Actor) => account.block(other),
    unblock: (other: Actor) => account.unblock(other),
    declare: (declaration: Parameters<Actor['declare']>[0]) => account.declare(declaration),
    deactivate: () => account.deactivate(),
    activate: () => account.activate(),
  }
}

const nobody: Moderator = {
  async updateActorAccess() {
    throw new Error('there is no moderator here: such scenes are played in process only')
  },
}
