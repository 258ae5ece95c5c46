import type { AppBskyEmbedRecord } from '@atcute/bluesky'
import type { Did, ResourceUri } from '@atcute/lexicons/syntax'

export type RecordView = AppBskyEmbedRecord.View['record']

/**
 * Views of records that messages embed. One interface, two implementations:
 * `AppViewRecords` asks an AppView, `PdsRecords` reads the author's PDS.
 */
export interface Records {
  /**
   * A view for every one of `uris`, as `viewer`, or nobody in particular, may see it: `viewRecord`, `viewBlocked`,
   * or `viewNotFound` for what is deleted, unknown, of a kind we do not show, or out of reach. Never throws.
   */
  views(uris: readonly ResourceUri[], viewer: Did | undefined): Promise<Map<ResourceUri, RecordView>>
}
