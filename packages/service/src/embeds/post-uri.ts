import { type Did, isDid, isRecordKey, type ResourceUri } from '@atcute/lexicons/syntax'

export interface PostUri {
  author: Did
  rkey: string
}

/**
 * The parts of a post's URI; `undefined` for a record of another kind, and for one named by a handle, which may
 * belong to somebody else tomorrow.
 */
export function parsePostUri(uri: ResourceUri): PostUri | undefined {
  const [, author, rkey] = /^at:\/\/([^/]+)\/app\.bsky\.feed\.post\/([^/]+)$/.exec(uri) ?? []
  return isDid(author) && isRecordKey(rkey) ? { author, rkey } : undefined
}
