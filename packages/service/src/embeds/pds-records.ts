import { ComAtprotoRepoGetRecord } from '@atcute/atproto'
import { type AppBskyEmbedRecord, AppBskyFeedPost } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import type { Clock } from '../clock.ts'
import { boundedFetch, type Fetch, getJson, type JsonAnswer } from '../people/bounded-fetch.ts'
import type { Identity } from '../people/identity.ts'
import type { People } from '../people/people.ts'
import type { PostUri } from './post-uri.ts'
import { authorView, Posts } from './posts.ts'
import type { Records, RecordView } from './records.ts'

export interface PdsRecordsOptions {
  identity: Identity
  /** Who wrote it, and who blocks whom. */
  people: People
  /** Also read PDSes on private addresses and by http. For a network on one machine only. */
  allowPrivateNetwork: boolean
  clock: Clock
  /** Default: the global one. */
  fetch?: Fetch
}

/** Twice what a post may measure, for hosts that write their JSON with spaces. */
const responseBytesMax = 64 * 1024

/** Posts as their authors' PDSes serve them: the text, no pictures and no counts. For networks without an AppView. */
export class PdsRecords implements Records {
  readonly #options: PdsRecordsOptions
  readonly #fetch: Fetch
  readonly #posts: Posts

  constructor(options: PdsRecordsOptions) {
    const { people, clock, allowPrivateNetwork, fetch } = options
    this.#options = options
    this.#fetch = boundedFetch({ allowPrivateNetwork, responseBytesMax, fetch })
    this.#posts = new Posts({ people, clock, ask: (uri, parts) => this.#ask(uri, parts) })
  }

  views(uris: readonly ResourceUri[], viewer: Did | undefined): Promise<Map<ResourceUri, RecordView>> {
    return this.#posts.views(uris, viewer)
  }

  async #ask(
    uri: ResourceUri,
    { author, rkey }: PostUri,
  ): Promise<AppBskyEmbedRecord.ViewRecord | undefined> {
    const { identity, people, clock } = this.#options
    const [pds, persons] = await Promise.all([identity.pds(author), people.profiles([author])])
    const person = persons.get(author)
    if (pds === undefined || person === undefined) return undefined
    const post = readPost(await this.#getRecord(pds, { author, rkey }))
    if (post === undefined) return undefined
    const { cid, value } = post
    // Nobody has indexed it; the author's word is taken unless it is in the future.
    const indexedAt = new Date(Math.min(Date.parse(value.createdAt), clock.now())).toISOString()
    return { uri, cid, author: authorView(person), value, indexedAt }
  }

  #getRecord(pds: string, { author, rkey }: PostUri): Promise<JsonAnswer> {
    const url = new URL('/xrpc/com.atproto.repo.getRecord', pds)
    url.searchParams.set('repo', author)
    url.searchParams.set('collection', 'app.bsky.feed.post')
    url.searchParams.set('rkey', rkey)
    return getJson(this.#fetch, url)
  }
}

/** `undefined` where the PDS says there is none, or shows something that is no post. */
function readPost({ status, body }: JsonAnswer): { cid: string; value: AppBskyFeedPost.Main } | undefined {
  if (status >= 500 || status === 429) throw new Error(`the PDS answered with status ${status}`)
  if (status !== 200) return undefined
  const answer = safeParse(ComAtprotoRepoGetRecord.mainSchema.output.schema, body)
  if (!answer.ok || answer.value.cid === undefined) return undefined
  const post = safeParse(AppBskyFeedPost.mainSchema, answer.value.value)
  return post.ok ? { cid: answer.value.cid, value: post.value } : undefined
}
