import assert from 'node:assert/strict'
import { AtpAgent, type ChatBskyNS, XRPCError } from '@atproto/api'
import { type NameOf, tellEvent, type View } from '../scenes/tell.ts'

/** Somebody with an account and the official client. */
export interface Person {
  name: string
  did: string
  /** By way of the PDS. */
  chat: ChatBskyNS
  /** Holds what is new in their log to these, in order, as scenes/tell.ts writes them. */
  hears(...events: string[]): Promise<void>
}

/** A new account, which anybody may write to and invite. */
export async function join(pds: string, name: string, nameOf: NameOf): Promise<Person> {
  const agent = new AtpAgent({ service: pds })
  // A PDS keeps words such as `owner` for itself.
  const plain = `the-${name.replaceAll(' ', '-')}`
  await agent.createAccount({
    handle: `${plain}.test`,
    email: `${plain}@example.com`,
    password: 'of-no-interest',
  })
  const did = agent.assertDid
  const collection = 'chat.bsky.actor.declaration'
  const record = { $type: collection, allowIncoming: 'all' }
  await agent.com.atproto.repo.putRecord({ repo: did, collection, rkey: 'self', record })
  const { chat } = agent.withProxy('bsky_chat', 'did:web:api.bsky.chat')
  const listen = listenTo(chat.bsky, nameOf)
  return {
    name,
    did,
    chat: chat.bsky,
    hears: async (...events) => assert.deepEqual(await listen(), events, `what ${name} hears`),
  }
}

/** Each call gives what came into the log since the last, page after page. */
function listenTo(chat: ChatBskyNS, nameOf: NameOf): () => Promise<string[]> {
  let cursor = '2222222222222'
  return async () => {
    const told: string[] = []
    for (;;) {
      const { logs } = (await chat.convo.getLog({ cursor })).data
      if (logs.length === 0) return told
      for (const event of logs as unknown as View[]) {
        assert.ok((event.rev as string) > cursor, 'the revs of a log ascend')
        cursor = event.rev as string
        told.push(tellEvent(event, nameOf))
      }
    }
  }
}

/** Expects a refusal by its name. */
export function refused(call: Promise<unknown>, name: string): Promise<void> {
  return assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof XRPCError, String(error))
    assert.equal(error.error, name)
    return true
  })
}
