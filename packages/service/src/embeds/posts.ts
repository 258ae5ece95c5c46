import { type AppBskyActorDefs, AppBskyEmbedRecord, AppBskyFeedPost } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import type { Clock } from '../clock.ts'
import { jsonDepthMax } from '../limits.ts'
import { AgingCache } from '../people/aging-cache.ts'
import { isBlockedBy, isBlocking, type People, type Relationship } from '../people/people.ts'
import { viewerState } from '../people/viewer-state.ts'
import { type PostUri, parsePostUri } from './post-uri.ts'
import type { Records, RecordView } from './records.ts'

/** A post before anybody's view of it; `undefined` where there is none. May throw. */
export type AskPost = (uri: ResourceUri, parts: PostUri) => Promise<AppBskyEmbedRecord.ViewRecord | undefined>

const secondMs = 1000

/** A page of messages waits no longer for what is embedded in them. */
const waitMs = 1.5 * secondMs

/** A post with the longest text and its facets is under 16 KB; fields that nobody knows may hold any amount. */
const valueBytesMax = 32 * 1024

const cacheBytesMax = 32 * 1024 * 1024

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
      // A post with its facets and counts is 1 to 4 KB, but an author can make it larger.
      entriesMax: 5_000,
      size: { bytesMax: cacheBytesMax, bytesOf: post => jsonBytes(post) },
      freshMs: 60 * secondMs,
      staleMs: 5 * 60 * secondMs,
      // A post that its author deleted must not live on here.
      keptMs: 10 * 60 * secondMs,
      absentMs: 30 * secondMs,
      // Whoever embeds a post of a host that never answers makes every reader wait: not on every page, at least.
      retryMs: 30 * secondMs,
    })
  }

  async views(uris: readonly ResourceUri[], viewer: Did | undefined): Promise<Map<ResourceUri, RecordView>> {
    const wanted = [...new Set(uris)]
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => late.resolve(undefined), waitMs)
    try {
      // Each goes its whole way alone, so that one whose host is slow does not make the others late.
      const views = wanted.map(uri => Promise.race([this.#view(uri, viewer), late.promise]))
      const found = await Promise.all(views)
      return new Map(wanted.map((uri, i) => [uri, found[i] ?? viewNotFound(uri)]))
    } finally {
      clearTimeout(timer)
    }
  }

  async #view(uri: ResourceUri, viewer: Did | undefined): Promise<RecordView | undefined> {
    const post = await this.#post(uri)
    const relationship = post && (await this.#relationship(viewer, post.author.did))
    return relationship && viewFor(relationship, post)
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

  /** None where it is not to be had: who blocks whom then is not known, and nothing is shown. */
  async #relationship(viewer: Did | undefined, author: Did): Promise<Relationship | undefined> {
    if (viewer === undefined) return {}
    const relationships = await this.#people.relationships(viewer, [author]).catch(() => undefined)
    return relationships?.get(author)
  }
}

function isSound(post: AppBskyEmbedRecord.ViewRecord, uri: ResourceUri, { author }: PostUri): boolean {
  return (
    !isDeeper(post, jsonDepthMax) &&
    jsonBytes(post.value) <= valueBytesMax &&
    post.uri === uri &&
    post.author.did === author &&
    safeParse(AppBskyFeedPost.mainSchema, post.value).ok &&
    safeParse(AppBskyEmbedRecord.viewRecordSchema, post).ok
  )
}

/** Whether lists and objects go on below so many levels: JSON.stringify gives up at four thousand, in the midst of an answer. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(item => isDeeper(item, levels - 1))
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
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
