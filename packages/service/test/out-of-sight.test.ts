import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Did } from '@atcute/lexicons/syntax'
import { addReaction } from '../src/endpoints/chat/bsky/convo/addReaction.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { leaveConvo } from '../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { addMembers } from '../src/endpoints/chat/bsky/group/addMembers.ts'
import { createGroup } from '../src/endpoints/chat/bsky/group/createGroup.ts'
import { onEveryStore, say, wholeLog } from './stage.ts'

onEveryStore('what was before somebody joined', stage => {
  test('a reply to it does not tell who wrote it, nor who reacted to it', async () => {
    const set = stage()
    const [alice, bob, carol, dan] = [
      set.actor('alice'),
      set.actor('bob'),
      set.actor('carol'),
      set.actor('dan'),
    ]
    const members = [bob.did, carol.did]
    const { convo } = await alice.call(createGroup, { name: 'walkers', members })
    const convoId = convo.id
    const early = await say(bob, convo, 'before')
    await carol.call(addReaction, { convoId, messageId: early.id, value: '👍' })
    for (const actor of [bob, carol]) await actor.call(leaveConvo, { convoId })
    await alice.call(addMembers, { convoId, members: [dan.did] })
    await alice.call(sendMessage, { convoId, message: { text: 'after', replyTo: { messageId: early.id } } })

    const page = await dan.call(getMessages, { convoId })
    const dids = (profiles: readonly { did: Did }[] = []) => profiles.map(({ did }) => did).sort()
    assert.deepEqual(dids(page.relatedProfiles), [alice.did, dan.did])
    const row = (await wholeLog(dan)).find(({ $type }) => $type!.endsWith('#logCreateMessage'))
    assert.deepEqual(dids((row as { relatedProfiles?: { did: Did }[] }).relatedProfiles), [alice.did])
  })
})
