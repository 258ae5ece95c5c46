import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BaseClient, ChatError, groupMethodsOf, moderationMethodsOf } from '@parley/sdk/base'
import { fakeNetwork } from '@parley/sdk/testing'

describe('layer 1 alone', () => {
  it('has groups as functions of a client', async () => {
    await using net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
    const client = await loggedIn(net)
    const groups = groupMethodsOf(client)
    const { convo } = await groups.createGroup({ name: 'Hikers', members: ['bob.test'] })
    await groups.editGroup({ convoId: convo.id, name: 'Climbers' })
    const { convos } = await client.chat.bsky.convo.listConvos({ kind: 'group' })
    assert.deepEqual(
      convos.map(({ kind }) => kind && 'name' in kind && kind.name),
      ['Climbers'],
    )
  })

  it('has moderation likewise, which ordinary accounts may not use', async () => {
    await using net = fakeNetwork({ users: ['alice.test'] })
    const moderation = moderationMethodsOf(await loggedIn(net))
    await assert.rejects(
      moderation.getActorMetadata({ actor: 'alice.test' }),
      error => error instanceof ChatError && error.method === 'chat.bsky.moderation.getActorMetadata',
    )
  })
})

async function loggedIn(net: ReturnType<typeof fakeNetwork>): Promise<BaseClient> {
  const client = new BaseClient({ service: net.service, chat: net.chat, fetch: net.fetch, clock: net.clock })
  await client.login('alice.test', net.user('alice.test').password)
  return client
}
