import type {} from '@atcute/atproto'
import {
  type AppBskyActorGetProfiles,
  type AppBskyFeedDefs,
  type AppBskyFeedGetPosts,
  AppBskyFeedPost,
  type AppBskyGraphGetRelationships,
} from '@atcute/bluesky'
import { Client, simpleFetchHandler } from '@atcute/client'
import {
  type ActorIdentifier,
  type Did,
  isActorIdentifier,
  isCanonicalResourceUri,
  isDid,
  parseCanonicalResourceUri,
} from '@atcute/lexicons/syntax'
import { is } from '@atcute/lexicons/validations'
import type { People } from '@parley/service'
import { type ProfileView, profileView } from './profile-view.ts'

type Relationships = AppBskyGraphGetRelationships.$output

/** A query's parameters and the account that asks. */
export interface Query {
  params: URLSearchParams
  viewer: Did | undefined
}

/** An answer other than 200. */
export class Refusal extends Error {
  readonly status: number
  readonly error: string

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }

  body(): { error: string; message: string } {
    return { error: this.error, message: this.message }
  }
}

/** Answers the AppView's queries: accounts from the index, posts and handles from the PDSes. */
export class AppViewReader {
  private readonly people: People
  private readonly pdses: Client[]

  constructor(options: { people: People; pdsUrls: string[] }) {
    this.people = options.people
    this.pdses = options.pdsUrls.map(service => new Client({ handler: simpleFetchHandler({ service }) }))
  }

  async profile({ params, viewer }: Query): Promise<ProfileView> {
    const [view] = await this.profileViews([one(params, 'actor')], viewer)
    if (!view) throw new Refusal(400, 'InvalidRequest', 'Profile not found')
    return view
  }

  async profiles({ params, viewer }: Query): Promise<AppBskyActorGetProfiles.$output> {
    return { profiles: await this.profileViews(many(params, { name: 'actors', countMax: 25 }), viewer) }
  }

  async relationships({ params }: Query): Promise<Relationships> {
    const actor = await this.didOf(one(params, 'actor'))
    if (!actor) throw new Refusal(400, 'ActorNotFound', 'Actor not found')
    const others = many(params, { name: 'others', countMax: 30 })
    const dids = await Promise.all(others.map(other => this.didOf(other)))
    const found = await this.people.relationships(actor, dids.filter(isDid))
    return {
      actor,
      relationships: others.map((other, index) => {
        const did = dids[index]
        if (!did) return { $type: 'app.bsky.graph.defs#notFoundActor', actor: other, notFound: true }
        return { $type: 'app.bsky.graph.defs#relationship', did, ...found.get(did) }
      }),
    }
  }

  /** What is gone, foreign or no post is left out. */
  async posts({ params, viewer }: Query): Promise<AppBskyFeedGetPosts.$output> {
    const uris = params.getAll('uris')
    if (uris.length > 25) throw invalid('uris')
    const posts = await Promise.all(uris.map(uri => this.post(uri, viewer)))
    return { posts: posts.filter(post => post !== undefined) }
  }

  private async post(uri: string, viewer: Did | undefined): Promise<AppBskyFeedDefs.PostView | undefined> {
    if (!isCanonicalResourceUri(uri)) return undefined
    const { repo, collection, rkey } = parseCanonicalResourceUri(uri)
    if (collection !== 'app.bsky.feed.post') return undefined
    const [author] = await this.profileViews([repo], viewer)
    if (!author) return undefined
    const record = await this.firstAnswer(pds =>
      pds.get('com.atproto.repo.getRecord', { params: { repo, collection, rkey } }),
    )
    const { cid, value } = record ?? {}
    if (!cid || !is(AppBskyFeedPost.mainSchema, value)) return undefined
    return { uri, cid, author, record: value, indexedAt: value.createdAt, labels: [] }
  }

  private async profileViews(actors: ActorIdentifier[], viewer: Did | undefined): Promise<ProfileView[]> {
    const dids = (await Promise.all(actors.map(actor => this.didOf(actor)))).filter(isDid)
    const [people, relationships] = await Promise.all([
      this.people.profiles(dids),
      viewer ? this.people.relationships(viewer, dids) : undefined,
    ])
    return dids
      .map(did => people.get(did))
      .filter(person => person !== undefined)
      .map(person => profileView(person, relationships?.get(person.did)))
  }

  private async didOf(actor: ActorIdentifier): Promise<Did | undefined> {
    if (isDid(actor)) return actor
    const found = await this.firstAnswer(pds =>
      pds.get('com.atproto.identity.resolveHandle', { params: { handle: actor } }),
    )
    return found?.did
  }

  /** Of the PDS that has what is asked for: no two have the same active account. */
  private async firstAnswer<Data>(
    ask: (pds: Client) => Promise<{ ok: true; data: Data } | { ok: false }>,
  ): Promise<Data | undefined> {
    for (const pds of this.pdses) {
      const answer = await ask(pds)
      if (answer.ok) return answer.data
    }
    return undefined
  }
}

function one(params: URLSearchParams, name: string): ActorIdentifier {
  const value = params.get(name)
  if (!isActorIdentifier(value)) throw invalid(name)
  return value
}

function many(
  params: URLSearchParams,
  { name, countMax }: { name: string; countMax: number },
): ActorIdentifier[] {
  const values = params.getAll(name)
  if (values.length > countMax || !values.every(isActorIdentifier)) throw invalid(name)
  return values as ActorIdentifier[]
}

function invalid(name: string): Refusal {
  return new Refusal(400, 'InvalidRequest', `Error: Params must have a valid "${name}"`)
}
