import {
  AppBskyActorProfile,
  AppBskyGraphBlock,
  AppBskyGraphFollow,
  AppBskyGraphList,
  AppBskyGraphListblock,
  AppBskyGraphListitem,
  ChatBskyActorDeclaration,
} from '@atcute/bluesky'
import { isCid, isRecordKey } from '@atcute/lexicons/syntax'
import { type BaseSchema, type InferOutput, safeParse } from '@atcute/lexicons/validations'
import { type Declaration, parseDeclaration } from '../allow.ts'

/** The collections of the network that we keep. */
export const indexedCollections = [
  'app.bsky.actor.profile',
  'chat.bsky.actor.declaration',
  'app.bsky.graph.follow',
  'app.bsky.graph.block',
  'app.bsky.graph.list',
  'app.bsky.graph.listitem',
  'app.bsky.graph.listblock',
] as const

export type IndexedCollection = (typeof indexedCollections)[number]

export interface ProfileFields {
  displayName: string | undefined
  /** CID of the picture. */
  avatar: string | undefined
  createdAt: string | undefined
}

export type IndexedRecord =
  | { collection: 'app.bsky.actor.profile'; profile: ProfileFields }
  | { collection: 'chat.bsky.actor.declaration'; declaration: Declaration }
  | { collection: 'app.bsky.graph.follow' | 'app.bsky.graph.block'; subject: string }
  /** One whose purpose is moderation; others block nobody. */
  | { collection: 'app.bsky.graph.list' }
  | { collection: 'app.bsky.graph.listitem'; list: string; subject: string }
  | { collection: 'app.bsky.graph.listblock'; list: string }

export function isIndexedCollection(collection: string): collection is IndexedCollection {
  return (indexedCollections as readonly string[]).includes(collection)
}

/** What we keep of a record, `undefined` where it is not what its lexicon says. */
export function readRecord(
  collection: IndexedCollection,
  rkey: string,
  value: unknown,
): IndexedRecord | undefined {
  switch (collection) {
    case 'app.bsky.actor.profile': {
      const record = rkey === 'self' ? parseAs(AppBskyActorProfile.mainSchema, value) : undefined
      return record && { collection, profile: profileFields(record) }
    }
    case 'chat.bsky.actor.declaration': {
      const record = rkey === 'self' ? parseAs(ChatBskyActorDeclaration.mainSchema, value) : undefined
      return record && { collection, declaration: parseDeclaration(record) }
    }
    case 'app.bsky.graph.follow': {
      const record = isRecordKey(rkey) ? parseAs(AppBskyGraphFollow.mainSchema, value) : undefined
      return record && { collection, subject: record.subject }
    }
    case 'app.bsky.graph.block': {
      const record = isRecordKey(rkey) ? parseAs(AppBskyGraphBlock.mainSchema, value) : undefined
      return record && { collection, subject: record.subject }
    }
    case 'app.bsky.graph.list': {
      const record = isRecordKey(rkey) ? parseAs(AppBskyGraphList.mainSchema, value) : undefined
      return record?.purpose === 'app.bsky.graph.defs#modlist' ? { collection } : undefined
    }
    case 'app.bsky.graph.listitem': {
      const record = isRecordKey(rkey) ? parseAs(AppBskyGraphListitem.mainSchema, value) : undefined
      return record && { collection, list: record.list, subject: record.subject }
    }
    case 'app.bsky.graph.listblock': {
      const record = isRecordKey(rkey) ? parseAs(AppBskyGraphListblock.mainSchema, value) : undefined
      return record && { collection, list: record.subject }
    }
  }
}

function parseAs<S extends BaseSchema>(schema: S, value: unknown): InferOutput<S> | undefined {
  const result = safeParse(schema, value)
  return result.ok ? result.value : undefined
}

function profileFields(record: AppBskyActorProfile.Main): ProfileFields {
  const { displayName, avatar, createdAt } = record
  // Pictures of the first days have their CID in the place of a link, where the lexicon lets any text pass.
  const cid = avatar && 'cid' in avatar ? avatar.cid : avatar?.ref.$link
  return { displayName, avatar: isCid(cid) ? cid : undefined, createdAt }
}
