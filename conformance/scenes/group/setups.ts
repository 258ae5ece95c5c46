import assert from 'node:assert/strict'
import type { ChatBskyConvoDefs } from '@atproto/api'
import type { Actor } from '../script.ts'
import { catchUp } from '../setups.ts'

/** A group that all of them have accepted, named `Readers`; nobody has anything to hear. @returns its convo id */
export async function group(owner: Actor, ...others: Actor[]): Promise<string> {
  const members = others.map(({ did }) => did)
  const { convo } = await owner.createGroup({ name: 'Readers', members })
  for (const other of others) await other.acceptConvo({ convoId: convo.id })
  await catchUp(owner, ...others)
  return convo.id
}

/** What a convo says of itself as a group. */
export async function groupOf(actor: Actor, convoId: string): Promise<ChatBskyConvoDefs.GroupConvo> {
  const { kind } = (await actor.getConvo({ convoId })).convo
  assert.equal(kind?.$type, 'chat.bsky.convo.defs#groupConvo')
  return kind as ChatBskyConvoDefs.GroupConvo
}

/** @returns the code of a new join link for anyone */
export async function openLink(owner: Actor, convoId: string): Promise<string> {
  const { joinLink } = await owner.createJoinLink({ convoId, joinRule: 'anyone' })
  return joinLink.code
}

/** @returns the code of a new join link for anyone whom the owner approves */
export async function approvalLink(owner: Actor, convoId: string): Promise<string> {
  const rules = { joinRule: 'anyone', requireApproval: true } as const
  const { joinLink } = await owner.createJoinLink({ convoId, ...rules })
  return joinLink.code
}

/** Everybody in a group by `getConvoMembers`, page by page, in order. */
export async function membersOf(actor: Actor, convoId: string, limit = 100): Promise<string[]> {
  const dids: string[] = []
  let cursor: string | undefined
  do {
    const page = await actor.getConvoMembers({ convoId, limit, ...(cursor && { cursor }) })
    dids.push(...page.members.map(({ did }) => did))
    cursor = page.members.length > 0 ? page.cursor : undefined
  } while (cursor)
  return dids
}

export async function say(actor: Actor, convoId: string, text: string): Promise<string> {
  return (await actor.sendMessage({ convoId, message: { text } })).id
}
