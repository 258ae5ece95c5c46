import type {} from '@atcute/atproto'
import { Client, ok, simpleFetchHandler } from '@atcute/client'
import type { Did, Handle, Nsid } from '@atcute/lexicons/syntax'
import { HalfSeededError } from './errors.ts'

/** A seeded account. Its passwords open nothing but a network on this machine. */
export interface Account {
  handle: Handle
  did: Did
  password: string
  /** An app password that may read and send direct messages. */
  appPassword: string
  /** An app password that may not. */
  appPasswordWithoutDm: string
  /** Who may write to the account first. */
  allowIncoming: 'all' | 'none' | 'following'
}

/** One person of the story. */
export interface Friend {
  handle: Handle
  password: string
  displayName?: string
  /** Said in a `chat.bsky.actor.declaration` record; without one it is `following`. */
  allowIncoming?: Account['allowIncoming']
  follows: Handle[]
}

/**
 * Three friends. Anybody may write to Alice. Bob never changed his settings: who he follows may write to him, and
 * he follows Alice. Carla, who has not even a display name, listens to Alice's posts and wants no messages.
 */
export const friends: readonly Friend[] = [
  {
    handle: 'alice.test',
    password: 'alice-password',
    displayName: 'Alice',
    allowIncoming: 'all',
    follows: ['bob.test'],
  },
  { handle: 'bob.test', password: 'bob-password', displayName: 'Bob', follows: ['alice.test'] },
  { handle: 'carla.test', password: 'carla-password', allowIncoming: 'none', follows: ['alice.test'] },
]

/** Always the same day, so that every devnet tells the same story. */
const createdAt = '2026-01-01T00:00:00.000Z'

interface SignedIn {
  friend: Friend
  did: Did
  rpc: Client
  headers: { authorization: string }
}

/** Lets the friends join the PDS, as any client would do it. Throws HalfSeededError. */
export async function seed(pdsUrl: string): Promise<Account[]> {
  const rpc = new Client({ handler: simpleFetchHandler({ service: pdsUrl }) })
  const joined = await Promise.all(friends.map(friend => join(rpc, friend)))
  const dids = new Map(joined.map(({ friend, did }) => [friend.handle, did]))
  return Promise.all(joined.map(member => settleIn(member, dids)))
}

async function join(rpc: Client, friend: Friend): Promise<SignedIn> {
  const { handle, password } = friend
  const email = `${handle.replace('.', '@')}.example.com`
  const input = { handle, password, email }
  const answer = await rpc.post('com.atproto.server.createAccount', { input })
  if (!answer.ok && (await exists(rpc, handle))) throw new HalfSeededError(handle)
  const session = ok(answer)
  return { friend, did: session.did, rpc, headers: { authorization: `Bearer ${session.accessJwt}` } }
}

async function exists(rpc: Client, handle: Handle): Promise<boolean> {
  const answer = await rpc.get('com.atproto.identity.resolveHandle', { params: { handle } })
  return answer.ok
}

async function settleIn(member: SignedIn, dids: Map<Handle, Did>): Promise<Account> {
  const { handle, password, displayName, allowIncoming, follows } = member.friend
  if (displayName) await putSelf(member, 'app.bsky.actor.profile', { displayName, createdAt })
  if (allowIncoming) await putSelf(member, 'chat.bsky.actor.declaration', { allowIncoming })
  for (const followed of follows) await follow(member, dids.get(followed)!)
  return {
    handle,
    did: member.did,
    password,
    appPassword: await createAppPassword(member, 'with direct messages', true),
    appPasswordWithoutDm: await createAppPassword(member, 'without direct messages', false),
    allowIncoming: allowIncoming ?? 'following',
  }
}

async function putSelf({ rpc, did, headers }: SignedIn, collection: Nsid, record: object): Promise<void> {
  const input = { repo: did, collection, rkey: 'self', record: { $type: collection, ...record } }
  await ok(rpc.post('com.atproto.repo.putRecord', { headers, input }))
}

async function follow({ rpc, did, headers }: SignedIn, subject: Did): Promise<void> {
  const collection = 'app.bsky.graph.follow'
  const input = { repo: did, collection, record: { $type: collection, subject, createdAt } } as const
  await ok(rpc.post('com.atproto.repo.createRecord', { headers, input }))
}

async function createAppPassword(
  { rpc, headers }: SignedIn,
  name: string,
  privileged: boolean,
): Promise<string> {
  const input = { name, privileged }
  const created = await ok(rpc.post('com.atproto.server.createAppPassword', { headers, input }))
  return created.password
}
