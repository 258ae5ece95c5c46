import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { XRPCError } from '@atproto/api'
import { ServiceProcess } from '@parley/testing/service-process.ts'
import { logIn } from '../account.ts'
import { DirectClient, RefusedError } from '../kill-nine/direct-client.ts'
import { poll } from '../poll.ts'
import { ModEventReader } from './mod-event-reader.ts'
import type { Stage } from './stage.ts'

/** Moderation events, as Ozone would follow them: with its token, through the real upgrade, past kills of the service. */
export function describeModEvents({ net, labeler, ozone }: Stage): void {
  describe('who follows moderation events in Ozone’s name', async () => {
    const held = new AsyncDisposableStack()
    after(() => held.disposeAsync())
    const folder = await mkdtemp(join(tmpdir(), 'parley-mod-events-'))
    held.defer(() => rm(folder, { recursive: true }))
    /** Beside the one of the network, so that it can be killed. */
    const service = held.use(
      await ServiceProcess.start({
        network: net,
        database: join(folder, 'chat.sqlite'),
        settings: { PARLEY_MODERATORS: labeler.did },
      }),
    )
    const [alice, bob] = (await Promise.all(
      ['alice.test', 'bob.test'].map(async handle => new DirectClient(await logIn(net, handle), service)),
    )) as [DirectClient, DirectClient]

    const beginning = '2222222222222'
    const read = async (cursor?: string) => held.use(await ModEventReader.open(service, ozone, cursor))
    const reader = await read(beginning)
    const everything = async (count: number) => {
      const another = await read(beginning)
      await another.reaches(count)
      return another.events
    }
    let groupId: string

    async function rename(name: string): Promise<void> {
      await alice.post('chat.bsky.group.editGroup', { convoId: groupId, name })
    }

    test('is told what members do as it happens, and nothing of what they write', async () => {
      const members = bob.account.did
      const convoId = await poll('the service hears of the accounts', async () => {
        const found = await alice.get('chat.bsky.convo.getConvoForMembers', { members }).catch(refusal => {
          if (!(refusal instanceof RefusedError)) throw refusal
        })
        return (found as { convo: { id: string } } | undefined)?.convo.id
      })
      await alice.post('chat.bsky.convo.sendMessage', { convoId, message: { text: 'you are a toad' } })
      await reader.reaches(1)
      await bob.post('chat.bsky.convo.acceptConvo', { convoId })
      await reader.reaches(2)
      const created = await alice.post('chat.bsky.group.createGroup', { members: [members], name: 'Pond' })
      groupId = (created as { convo: { id: string } }).convo.id
      await reader.reaches(3)
      await rename('Marsh')
      await reader.reaches(4)
      assert.deepEqual(reader.names(), [
        'eventConvoFirstMessage',
        'eventChatAccepted',
        'eventGroupChatCreated',
        'eventGroupChatUpdated',
      ])
      assert.ok(!JSON.stringify(reader.events).includes('toad'))
    })

    test('loses nothing and hears nothing twice through two kills of the service', async () => {
      for (const kills of [1, 2]) {
        await rename(`before kill ${kills}`)
        await service.kill()
        await service.start()
        await rename(`after kill ${kills}`)
        await reader.reaches(4 + 2 * kills)
        assert.ok(reader.reconnects >= kills)
      }
      await bob.post('chat.bsky.convo.leaveConvo', { convoId: groupId })
      await reader.reaches(9)
      assert.equal(reader.names().at(-1), 'eventGroupChatMemberLeft')
      assert.deepEqual(await everything(9), reader.events)
      const revs = reader.events.map(({ rev }) => rev)
      assert.deepEqual(revs, [...new Set(revs)].sort())
    })

    test('is told what came after a rev', async () => {
      const late = await read(reader.events[4]!.rev)
      await late.reaches(4)
      assert.deepEqual(late.events, reader.events.slice(5))
    })

    test('is told, without one, what is still to come', async () => {
      const known = reader.events.length
      const live = await read()
      let renamed = 0
      await poll('an event', async () => {
        await rename(`name ${renamed++}`)
        return live.events[0]
      })
      await Promise.all([live.reaches(1), reader.reaches(known + renamed)])
      await rename('the last')
      await reader.reaches(known + renamed + 1)
      await poll('the last event', () => live.events.find(({ rev }) => rev === reader.events.at(-1)!.rev))
      assert.ok(live.events.length <= renamed + 1)
      assert.deepEqual(live.events, reader.events.slice(-live.events.length))
    })

    test('is told that a rev is of the future, and not to call back', async () => {
      const lost = await read('jzzzzzzzzzzzz')
      const error = await lost.ended
      assert.ok(error instanceof XRPCError, String(error))
      assert.equal(error.error, 'FutureCursor')
      assert.deepEqual([lost.events, lost.reconnects], [[], 0])
    })

    test('is told nothing with a token for another service', async () => {
      const chat = { url: service.url, did: net.chat.did }
      const stranger = held.use(await ModEventReader.open(chat, ozone, beginning))
      await poll('a refusal', () => stranger.reconnects > 0 || undefined)
      assert.deepEqual(stranger.events, [])
    })
  })
}
