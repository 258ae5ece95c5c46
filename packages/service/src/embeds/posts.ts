import { type AppBskyActorDefs, AppBskyEmbedRecord, AppBskyFeedPost } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import type { Clock } from '../clock.ts'
import { AgingCache } from '../people/aging-cache.ts'
import { isBlockedBy, isBlocking, type People, type Relationship } from '../people/people.ts'
import { viewerState } from '../people/viewer-state.ts'
import { type PostUri, parsePostUri } from './post-uri.ts'
import type { Records, RecordView } from './records.ts'

/** A post before anybody's view of it; `undefined` where there is none. May throw. */
export type AskPost = (uri: ResourceUri, parts: PostUri) => Promise<AppBskyEmbedRecord.ViewRecord | undefined>

const secondMs = 1000

/**
 * What both implementations of Records share: only posts are shown, kept for a while, and looked at with the
 * viewer's eyes.
 */
export class Posts implements Records {
  readonly #people: People
  readonly #ask: AskPost
  readonly #cache: AgingCache<ResourceUri, AppBskyEmbedRecord.ViewRecord>

  constructor({ people, clock, ask }: { people: People; clock: Clock; ask: AskPost }) {
    this.#people = people
    this.#ask = ask
    this.#cache = new AgingCache({
      clock,
      // A post with its facets and counts is 1 to 4 KB.
      entriesMax: 5_000,
      freshMs: 60 * secondMs,
      staleMs: 5 * 60 * secondMs,
      // A post that its author deleted must not live on here.
      keptMs: 10 * 60 * secondMs,
      absentMs: 30 * secondMs,
      // Whoever embeds a post of a host that never answers makes every reader wait: not on every page, at least.
      retryMs: 30 * secondMs,
    })
  }

  async views(uris: readonly ResourceUri[], viewer: Did): Promise<Map<ResourceUri, RecordView>> {
    const posts = await Promise.all([...new Set(uris)].map(uri => this.#post(uri)))
    const found = posts.filter(post => post !== undefined)
    const authors = [...new Set(found.map(post => post.author.did))]
    const relationships = await this.#relationships(viewer, authors)
    const views = new Map<ResourceUri, RecordView>(uris.map(uri => [uri, viewNotFound(uri)]))
    for (const post of found) {
      const relationship = relationships.get(post.author.did)
      if (relationship !== undefined) views.set(post.uri, viewFor(relationship, post))
    }
    return views
  }

  async #post(uri: ResourceUri): Promise<AppBskyEmbedRecord.ViewRecord | undefined> {
    const parts = parsePostUri(uri)
    if (parts === undefined) return undefined
    const ask = async () => {
      const post = await this.#ask(uri, parts)
      return post !== undefined && isSound(post, uri, parts) ? post : undefined
    }
    return this.#cache.get(uri, ask).catch(() => undefined)
  }

  /** None where they are not to be had: who blocks whom then is not known, and nothing is shown. */
  async #relationships(viewer: Did, authors: Did[]): Promise<Map<Did, Relationship>> {
    if (authors.length === 0) return new Map()
    return this.#people.relationships(viewer, authors).catch(() => new Map())
  }
}

function isSound(post: AppBskyEmbedRecord.ViewRecord, uri: ResourceUri, { author }: PostUri): boolean {
  return (
    post.uri === uri &&
    post.author.did === author &&
    safeParse(AppBskyFeedPost.mainSchema, post.value).ok &&
    safeParse(AppBskyEmbedRecord.viewRecordSchema, post).ok
  )
}

function viewFor(relationship: Relationship, post: AppBskyEmbedRecord.ViewRecord): RecordView {
  const record = { ...post, $type: 'app.bsky.embed.record#viewRecord' as const }
  return isBlocking(relationship) || isBlockedBy(relationship) ? viewBlocked(post, relationship) : record
}

function viewBlocked({ uri, author }: AppBskyEmbedRecord.ViewRecord, relationship: Relationship): RecordView {
  // Of a blocked author the AppView tells about the block only.
  const { muted: _, ...viewer } = viewerState(relationship)
  return {
    $type: 'app.bsky.embed.record#viewBlocked',
    uri,
    blocked: true,
    author: { did: author.did, viewer },
  }
}

function viewNotFound(uri: ResourceUri): RecordView {
  return { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true }
}

/** The fields of a profile that an author's view carries: none that depend on who looks, and no `$type`. */
export function authorView(profile: AppBskyActorDefs.ProfileViewBasic): AppBskyActorDefs.ProfileViewBasic {
  const { did, handle, displayName, avatar, associated, createdAt, labels, verification } = profile
  return {
    did,
    handle,
    ...(displayName !== undefined && { displayName }),
    ...(avatar !== undefined && { avatar }),
    ...(associated && { associated }),
    ...(createdAt !== undefined && { createdAt }),
    ...(labels && { labels }),
    ...(verification && { verification }),
  }
}
