import { AppBskyActorDefs, AppBskyGraphDefs } from '@atcute/bluesky'
import type { Did } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import type { Clock } from '../clock.ts'
import { AgingCache, type Leniency } from './aging-cache.ts'
import { associatedChat, parseDeclaration, resolveAllows } from './allow.ts'
import { AppViewClient, type ListQuery } from './appview-client.ts'
import type { Fetch } from './bounded-fetch.ts'
import type { People, Person, Relationship, Shown } from './people.ts'
import { together } from './together.ts'

export interface AppViewPeopleOptions {
  /** Origin of the AppView, such as `https://public.api.bsky.app`. */
  url: string
  clock: Clock
  /** Default: the global one. */
  fetch?: Fetch
}

/** What one call to an AppView may ask for, by its lexicons. */
const profilesMax = 25
const othersMax = 30

/** No account's DID is near it. */
const didCharsMax = 256

const secondMs = 1000
const minuteMs = 60 * secondMs

/**
 * Names and follows beside messages may be minutes old; a whole inbox must not wait for them, nor spend the calls
 * that policy needs.
 */
const forShow: Leniency = { freshMs: 2 * minuteMs, waitMs: 1.5 * secondMs }

/** People from an AppView over HTTP, unauthenticated, cached. */
export class AppViewPeople implements People {
  readonly #client: AppViewClient
  readonly #profiles: AgingCache<Did, Person>
  readonly #relationships: AgingCache<`${Did} ${Did}`, Relationship>
  readonly #askProfile = together(profilesMax, (dids: Did[]) => this.#fetchProfiles(dids))
  /** By actor; a gathering of one actor's others lasts until it is sent. */
  readonly #askRelationship = new Map<Did, (other: Did) => Promise<Relationship | undefined>>()

  constructor({ url, clock, fetch }: AppViewPeopleOptions) {
    this.#client = new AppViewClient({ url, fetch })
    this.#profiles = new AgingCache({
      clock,
      entriesMax: 50_000,
      freshMs: minuteMs,
      staleMs: 5 * minuteMs,
      // Names and pictures an hour old are better than no conversations at all.
      keptMs: 60 * minuteMs,
      absentMs: minuteMs,
      retryMs: secondMs,
    })
    this.#relationships = new AgingCache({
      clock,
      entriesMax: 100_000,
      freshMs: 15 * secondMs,
      // A block has to count soon, so nothing is served stale unless the AppView is down.
      staleMs: 0,
      keptMs: 10 * minuteMs,
      absentMs: 15 * secondMs,
      retryMs: secondMs,
    })
  }

  async profiles(dids: readonly Did[]): Promise<Map<Did, Person>> {
    const wanted = [...new Set(dids)]
    const found = await Promise.all(wanted.map(did => this.#profile(did)))
    return new Map(found.filter(person => person !== undefined).map(person => [person.did, person]))
  }

  async relationships(actor: Did, others: readonly Did[]): Promise<Map<Did, Relationship>> {
    const wanted = [...new Set(others)]
    const found = await Promise.all(wanted.map(other => this.#relationship(actor, other)))
    return new Map(wanted.map((other, i) => [other, found[i] ?? {}]))
  }

  async show(viewer: Did | undefined, dids: readonly Did[]): Promise<Map<Did, Shown>> {
    const wanted = [...new Set(dids)]
    const shown = await Promise.all(wanted.map(did => this.#show(viewer, did)))
    return new Map(wanted.map((did, i) => [did, shown[i]!]))
  }

  async close(): Promise<void> {}

  async #show(viewer: Did | undefined, did: Did): Promise<Shown> {
    const [person, relationship] = await Promise.all([
      this.#profile(did, forShow).then(
        found => found ?? 'gone',
        () => 'unknown' as const,
      ),
      viewer === undefined || did === viewer
        ? undefined
        : this.#relationship(viewer, did, forShow).catch(() => undefined),
    ])
    return { person, relationship: relationship ?? {} }
  }

  #profile(did: Did, lenient?: Leniency): Promise<Person | undefined> {
    return this.#profiles.get(did, () => this.#askProfile(did), { ...(lenient && { lenient }) })
  }

  #relationship(actor: Did, other: Did, lenient?: Leniency): Promise<Relationship | undefined> {
    const ask = () => this.#gather(actor)(other)
    return this.#relationships.get(`${actor} ${other}`, ask, { ...(lenient && { lenient }) })
  }

  #gather(actor: Did): (other: Did) => Promise<Relationship | undefined> {
    let ask = this.#askRelationship.get(actor)
    if (ask === undefined) {
      ask = together(othersMax, (others: Did[]) => {
        this.#askRelationship.delete(actor)
        return this.#fetchRelationships(actor, others)
      })
      this.#askRelationship.set(actor, ask)
    }
    return ask
  }

  async #fetchProfiles(dids: Did[]): Promise<Map<Did, Person>> {
    const query: ListQuery = {
      nsid: 'app.bsky.actor.getProfiles',
      param: 'actors',
      keyCharsMax: didCharsMax,
      field: 'profiles',
    }
    const people = (await this.#client.list(query, dids))
      .map(readPerson)
      .filter(person => person !== undefined)
    return new Map(people.map(person => [person.did, person]))
  }

  async #fetchRelationships(actor: Did, others: Did[]): Promise<Map<Did, Relationship>> {
    const query: ListQuery = {
      nsid: 'app.bsky.graph.getRelationships',
      param: 'others',
      keyCharsMax: didCharsMax,
      field: 'relationships',
      fixed: ['actor', actor],
    }
    const relationships = new Map<Did, Relationship>()
    for (const item of await this.#client.list(query, others)) {
      const result = safeParse(AppBskyGraphDefs.relationshipSchema, item)
      if (result.ok) relationships.set(result.value.did, relationshipOf(result.value))
    }
    return relationships
  }
}

/** What we use of a profile, `undefined` where that is not what the lexicon says. */
function readPerson(profile: unknown): Person | undefined {
  const { did, handle, displayName, avatar, createdAt, labels, associated, verification } = Object(profile)
  const used = { did, handle, displayName, avatar, createdAt, labels, associated, verification }
  const result = safeParse(AppBskyActorDefs.profileViewBasicSchema, used)
  return result.ok ? personOf(result.value) : undefined
}

function personOf(profile: AppBskyActorDefs.ProfileViewBasic): Person {
  const { did, handle, displayName, avatar, createdAt, labels, associated, verification } = profile
  const declaration = associated?.chat && parseDeclaration(associated.chat)
  return {
    did,
    handle,
    ...(displayName !== undefined && { displayName }),
    ...(avatar !== undefined && { avatar }),
    ...(createdAt !== undefined && { createdAt }),
    labels: labels ?? [],
    ...(associated && {
      associated: { ...associated, ...(declaration && { chat: associatedChat(declaration) }) },
    }),
    ...(verification && { verification }),
    ...resolveAllows(declaration),
  }
}

function relationshipOf(view: AppBskyGraphDefs.Relationship): Relationship {
  const { following, followedBy, blocking, blockedBy, blockingByList, blockedByList } = view
  return {
    ...(following && { following }),
    ...(followedBy && { followedBy }),
    ...(blocking && { blocking }),
    ...(blockedBy && { blockedBy }),
    ...(blockingByList && { blockingByList }),
    ...(blockedByList && { blockedByList }),
  }
}
