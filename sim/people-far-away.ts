import type { Did } from '@atcute/lexicons/syntax'
import { AppError } from '../packages/service/src/errors.ts'
import type { MemoryPeople } from '../packages/service/src/people/memory-people.ts'
import type { People, Person, Relationship, Shown } from '../packages/service/src/people/people.ts'

/** Goes out to the network: whether it could be reached. */
export type Reach = () => Promise<boolean>

/** People who take a while to answer, and sometimes do not. */
export class PeopleFarAway implements People {
  readonly #people: MemoryPeople
  readonly #reach: Reach

  constructor(people: MemoryPeople, reach: Reach) {
    this.#people = people
    this.#reach = reach
  }

  async profiles(dids: readonly Did[]): Promise<Map<Did, Person>> {
    await this.#reached()
    return this.#people.profiles(dids)
  }

  async relationships(actor: Did, others: readonly Did[]): Promise<Map<Did, Relationship>> {
    await this.#reached()
    return this.#people.relationships(actor, others)
  }

  /** Never fails: real ones have it in their cache. */
  async show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>> {
    await this.#reach()
    return this.#people.show(viewer, dids)
  }

  async close(): Promise<void> {}

  async #reached(): Promise<void> {
    if (!(await this.#reach())) throw new AppError('UpstreamFailure', 'nobody answers')
  }
}
