import { type AppBskyEmbedRecord, AppBskyFeedDefs } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'
import { safeParse } from '@atcute/lexicons/validations'
import type { Clock } from '../clock.ts'
import { AppViewClient, type ListQuery } from '../people/appview-client.ts'
import type { Fetch } from '../people/bounded-fetch.ts'
import type { People } from '../people/people.ts'
import { together } from '../people/together.ts'
import { authorView, Posts } from './posts.ts'
import type { Records, RecordView } from './records.ts'

export interface AppViewRecordsOptions {
  /** Origin of the AppView. */
  url: string
  /** Who blocks whom. */
  people: People
  clock: Clock
  /** Default: the global one. */
  fetch?: Fetch
}

/** What one `app.bsky.feed.getPosts` may ask for, by its lexicon. */
const postsMax = 25

/** The URI of a post is under 100, and no DID or record key makes a longer one in earnest. */
const uriCharsMax = 512

/** Posts as an AppView shows them, with their pictures and counts. */
export class AppViewRecords implements Records {
  readonly #posts: Posts

  constructor({ url, people, clock, fetch }: AppViewRecordsOptions) {
    const client = new AppViewClient({ url, fetch })
    const askPost = together(postsMax, (uris: ResourceUri[]) => fetchPosts(client, uris))
    this.#posts = new Posts({ people, clock, ask: uri => askPost(uri) })
  }

  views(uris: readonly ResourceUri[], viewer: Did | undefined): Promise<Map<ResourceUri, RecordView>> {
    return this.#posts.views(uris, viewer)
  }
}

async function fetchPosts(
  client: AppViewClient,
  uris: ResourceUri[],
): Promise<Map<ResourceUri, AppBskyEmbedRecord.ViewRecord>> {
  const query: ListQuery = {
    nsid: 'app.bsky.feed.getPosts',
    param: 'uris',
    keyCharsMax: uriCharsMax,
    field: 'posts',
  }
  const posts = new Map<ResourceUri, AppBskyEmbedRecord.ViewRecord>()
  for (const item of await client.list(query, uris)) {
    const result = safeParse(AppBskyFeedDefs.postViewSchema, item)
    if (result.ok) posts.set(result.value.uri, viewRecord(result.value))
  }
  return posts
}

function viewRecord(post: AppBskyFeedDefs.PostView): AppBskyEmbedRecord.ViewRecord {
  const { uri, cid, author, record, embed, indexedAt, labels } = post
  const { likeCount, replyCount, repostCount, quoteCount } = post
  return {
    uri,
    cid,
    author: authorView(author),
    value: record,
    indexedAt,
    ...(labels && { labels }),
    ...(embed && { embeds: [embed] }),
    ...(likeCount !== undefined && { likeCount }),
    ...(replyCount !== undefined && { replyCount }),
    ...(repostCount !== undefined && { repostCount }),
    ...(quoteCount !== undefined && { quoteCount }),
  }
}
