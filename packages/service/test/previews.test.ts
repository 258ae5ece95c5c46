import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getConvo } from '../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../src/endpoints/chat/bsky/convo/getMessages.ts'
import { sendMessage } from '../src/endpoints/chat/bsky/convo/sendMessage.ts'
import { createJoinLink } from '../src/endpoints/chat/bsky/group/createJoinLink.ts'
import { disableJoinLink } from '../src/endpoints/chat/bsky/group/disableJoinLink.ts'
import { getJoinLinkPreviews } from '../src/endpoints/chat/bsky/group/getJoinLinkPreviews.ts'
import { removeMembers } from '../src/endpoints/chat/bsky/group/removeMembers.ts'
import { requestJoin } from '../src/endpoints/chat/bsky/group/requestJoin.ts'
import { askToJoin, beginGroup, openLink } from './group-setups.ts'
import { type Actor, onEveryStore, openConvo, type Stage, say } from './stage.ts'

interface Preview {
  $type?: string
  code?: string
  convo?: { id: string; lastMessage?: unknown }
  viewer?: { requestedAt?: string }
  owner?: { handle: string; viewer?: unknown }
  memberCount?: number
}

const kinds = (previews: readonly Preview[]) =>
  previews.map(({ $type, code }) => [$type?.split('#')[1]?.replace('PreviewView', ''), code])

async function previewsFor(actor: Actor, codes: string[]): Promise<Preview[]> {
  return (await actor.call(getJoinLinkPreviews, { codes })).joinLinkPreviews as Preview[]
}

async function previewsForVisitor(set: Stage, codes: string[]): Promise<Preview[]> {
  const call = { params: { codes }, input: undefined, caller: undefined }
  const answer = await getJoinLinkPreviews.handle(set.ctx, call as never)
  return answer.joinLinkPreviews as Preview[]
}

function sendLink(actor: Actor, convo: { id: string }, code: string) {
  const embed = { $type: 'chat.bsky.embed.joinLink' as const, code }
  return actor.call(sendMessage, { convoId: convo.id, message: { text: '', embed } })
}

const embedded = (message: unknown) =>
  (message as { embed?: { joinLinkPreview: Preview } }).embed?.joinLinkPreview

onEveryStore('previews of links', stage => {
  test('come in the order asked for, one for each code, also twice and for codes that lead nowhere', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const [one, two] = [await beginGroup(alice, []), await beginGroup(alice, [])]
    const [open, disabled] = [await openLink(alice, one), await openLink(alice, two)]
    await alice.call(disableJoinLink, { convoId: two.id })
    const expected = [
      ['invalidJoinLink', 'nothing'],
      ['joinLink', open],
      ['disabledJoinLink', disabled],
      ['joinLink', open],
    ]
    const codes = ['nothing', open, disabled, open]
    assert.deepEqual(kinds(await previewsFor(bob, codes)), expected)
    assert.deepEqual(kinds(await previewsFor(alice, codes)), expected, 'for the owner too')
    assert.deepEqual(kinds(await previewsForVisitor(set, codes)), expected)
    const given = { convoId: two.id, joinRule: 'anyone', requireApproval: false }
    const { joinLink } = await alice.call(createJoinLink, given)
    assert.deepEqual(kinds(await previewsFor(bob, [disabled, joinLink.code])), [
      ['invalidJoinLink', disabled],
      ['joinLink', joinLink.code],
    ])
  })

  test('show the convo to members alone, and when one asked to those who wait', async () => {
    const set = stage()
    const [alice, bob, carla, dave] = ['alice', 'bob', 'carla', 'dave'].map(name => set.actor(name)) as [
      Actor,
      Actor,
      Actor,
      Actor,
    ]
    const group = await beginGroup(alice, [bob, dave])
    await say(alice, group, 'secret')
    const code = await askToJoin(carla, alice, group)
    await alice.call(removeMembers, { convoId: group.id, members: [dave.did] })
    const [forBob, forCarla, forDave] = (
      await Promise.all([bob, carla, dave].map(actor => previewsFor(actor, [code])))
    ).map(([preview]) => preview!) as [Preview, Preview, Preview]
    assert.equal(forBob.convo?.id, group.id)
    assert.deepEqual([forCarla.convo, typeof forCarla.viewer?.requestedAt], [undefined, 'string'])
    assert.deepEqual([forDave.convo, forDave.viewer], [undefined, undefined])
    const [forVisitor] = await previewsForVisitor(set, [code])
    assert.deepEqual([forVisitor?.convo, forVisitor?.viewer], [undefined, undefined])
    assert.deepEqual([forVisitor?.owner?.viewer, forVisitor?.memberCount], [undefined, 2])
    for (const preview of [forBob, forCarla, forDave, forVisitor])
      assert.doesNotMatch(JSON.stringify(preview), /secret/)
  })

  test('in messages are each reader’s own, and of now', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const group = await beginGroup(alice, [])
    const code = await openLink(alice, group)
    const direct = await openConvo(alice, bob)
    assert.equal(embedded(await sendLink(alice, direct, code))?.convo?.id, group.id)
    const seenBy = async (actor: Actor) =>
      embedded((await actor.call(getMessages, { convoId: direct.id })).messages[0])
    assert.equal((await seenBy(bob))?.convo, undefined)
    await bob.call(requestJoin, { code })
    assert.equal((await seenBy(bob))?.convo?.id, group.id)
    await alice.call(disableJoinLink, { convoId: group.id })
    assert.deepEqual(kinds([(await seenBy(bob))!]), [['disabledJoinLink', code]])
    await sendLink(bob, direct, 'nowhere')
    assert.deepEqual(kinds([(await seenBy(alice))!]), [['invalidJoinLink', 'nowhere']])
  })

  test('a group’s own link as its last message shows the group without its last message', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const [one, two] = [await beginGroup(alice, [bob]), await beginGroup(alice, [bob])]
    const codes = [await openLink(alice, one), await openLink(alice, two)]
    await sendLink(bob, one, codes[1]!)
    await sendLink(bob, two, codes[0]!)
    await sendLink(alice, two, codes[1]!)
    for (const { id } of [one, two]) {
      const { convo } = await bob.call(getConvo, { convoId: id })
      const preview = embedded(convo.lastMessage)
      assert.equal(preview?.convo?.id, two.id)
      assert.equal(preview?.convo?.lastMessage, undefined)
    }
  })

  test('an owner who is gone shows as one', async () => {
    const set = stage()
    const [alice, bob] = [set.actor('alice'), set.actor('bob')]
    const code = await openLink(alice, await beginGroup(alice, []))
    set.people.remove(alice.did)
    assert.equal((await previewsFor(bob, [code]))[0]?.owner?.handle, 'missing.invalid')
  })
})
