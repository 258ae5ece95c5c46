import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { after, describe, test } from 'node:test'
import { ok } from '@atcute/client'
import type { Handle } from '@atcute/lexicons/syntax'
import { Devnet } from '@parley/devnet'
import { type LoggedIn, openConvo, send, textsOf } from './account.ts'
import { canChat, lastMessageSeen, memberSeen, opening, sending, unread } from './accounts-change/look.ts'
import { move } from './accounts-change/move.ts'
import { Operator } from './accounts-change/operator.ts'
import { create, join, logInAt, password, putSelf, remove } from './accounts-change/resident.ts'
import { seen } from './accounts-change/seen.ts'
import { callWith, rotateKey, serviceToken } from './accounts-change/tokens.ts'
import { assertOfficial } from './official-lexicons.ts'
import { overhear } from './overhear.ts'

// Nobody restarts or tells the service anything: all it learns, it learns from the network.
const dataDir = await mkdtemp(joinPath(tmpdir(), 'parley-accounts-'))
const net = await Devnet.create({ dataDir, pdsCount: 2, seed: false })
after(async () => {
  await net.close()
  await rm(dataDir, { recursive: true })
})
const answers = overhear(net.chat.url)
const [oldPds, newPds] = net.pdses.map(({ url }) => url) as [string, string]
const operator = new Operator({ folder: dataDir, url: oldPds })
/** Has talked to nobody. */
const stranger = await join(oldPds, 'stranger')
const newOperator = new Operator({ folder: joinPath(dataDir, 'pds-2'), url: newPds })

const blocked = 'InvalidRequest: block between recipient and sender'
const gone = 'InvalidRequest: recipient does not exist'

/** Two who talk: `ann` looks, `ben` is the one who changes. Ben's last message is unread. */
async function talking(scene: string): Promise<{ ann: LoggedIn; ben: LoggedIn; convoId: string }> {
  const [ann, ben] = await Promise.all([join(oldPds, `ann-${scene}`), join(oldPds, `ben-${scene}`)])
  await putSelf(ben, 'chat.bsky.actor.declaration', { allowIncoming: 'all' })
  await seen(() => canChat(ann, ben), true)
  const convoId = await openConvo(ann, ben)
  await send(ann, convoId, 'Hello Ben')
  await send(ben, convoId, 'Hello Ann')
  return { ann, ben, convoId }
}

describe('within five seconds', () => {
  test('a new handle is shown', async () => {
    const { ann, ben, convoId } = await talking('handle')
    await ok(
      ben.pds.post('com.atproto.identity.updateHandle', { input: { handle: 'benedict.test' }, as: null }),
    )
    await seen(async () => (await memberSeen(ann, convoId, ben)).handle, 'benedict.test' as Handle)
  })

  test('a changed profile is shown', async () => {
    const { ann, ben, convoId } = await talking('profile')
    const look = async () => (await memberSeen(ann, convoId, ben)).displayName
    let uri = ''
    for (const displayName of ['Ben', 'Benedict']) {
      uri = await putSelf(ben, 'app.bsky.actor.profile', { displayName })
      await seen(look, displayName)
    }
    await remove(ben, uri)
    await seen(look, undefined)
  })

  test('a new picture is shown, at an address that serves it', async () => {
    const { ann, ben, convoId } = await talking('picture')
    const input = new Blob(['not really a picture'], { type: 'image/png' })
    const { blob } = await ok(ben.pds.post('com.atproto.repo.uploadBlob', { input }))
    await putSelf(ben, 'app.bsky.actor.profile', { avatar: blob })
    const look = async () => {
      const { avatar } = await memberSeen(ann, convoId, ben)
      return avatar && (await (await fetch(avatar)).text())
    }
    await seen(look, 'not really a picture')
  })

  test('who is followed may write, and who is not any more may not', async () => {
    const [ann, ben] = await Promise.all([join(oldPds, 'ann-follow'), join(oldPds, 'ben-follow')])
    await seen(() => opening(ann, ben), 'NotFollowedBySender')
    assert.equal(await canChat(ann, ben), false)
    const follow = await create(ben, 'app.bsky.graph.follow', { subject: ann.did })
    await seen(() => canChat(ann, ben), true)
    const convoId = await openConvo(ann, ben)
    await send(ann, convoId, 'Thank you for following')
    assert.equal((await memberSeen(ann, convoId, ben)).viewer?.followedBy, follow)
    assert.equal((await memberSeen(ben, convoId, ann)).viewer?.following, follow)
    await remove(ben, follow)
    await seen(() => canChat(ann, ben), false)
    assert.equal((await memberSeen(ann, convoId, ben)).viewer?.followedBy, undefined)
    assert.equal(
      await sending(ann, convoId, 'May I?'),
      'InvalidRequest: recipient requires incoming messages to come from someone they follow',
    )
  })

  test('a block ends the talk of both until it is taken back', async () => {
    const { ann, ben, convoId } = await talking('block')
    assert.equal(await unread(ann), 1)
    const block = await create(ben, 'app.bsky.graph.block', { subject: ann.did })
    await assertBlocked({ blocker: ben, other: ann, convoId, block })
    assert.equal(await unread(ann), 0)
    await remove(ben, block)
    await assertTalking(ann, ben, convoId)
    assert.equal(await unread(ann), 1)
  })

  test('a list of blocked accounts ends it for those on it, while it is subscribed to', async () => {
    const { ann, ben, convoId } = await talking('list')
    const curator = await join(oldPds, 'curator')
    const purpose = 'app.bsky.graph.defs#modlist'
    const list = await create(curator, 'app.bsky.graph.list', { purpose, name: 'Pests' })
    const onList = () => create(curator, 'app.bsky.graph.listitem', { list, subject: ann.did })
    const first = await onList()
    const block = await create(ben, 'app.bsky.graph.listblock', { subject: list })
    await assertBlocked({ blocker: ben, other: ann, convoId, block })
    await remove(curator, first)
    await assertTalking(ann, ben, convoId)
    await onList()
    await assertBlocked({ blocker: ben, other: ann, convoId, block })
    await remove(ben, block)
    await assertTalking(ann, ben, convoId)
  })

  test('a declaration opens and shuts the door to newcomers, and only to them', async () => {
    const { ann, ben, convoId } = await talking('declaring')
    const door = {
      all: 'ok',
      none: 'MessagesDisabled',
      following: 'NotFollowedBySender',
    }
    let uri = ''
    for (const allowIncoming of ['none', 'all', 'following', 'none'] as const) {
      const chat = { allowIncoming, allowGroupInvites: allowIncoming }
      uri = await putSelf(ben, 'chat.bsky.actor.declaration', chat)
      await seen(() => opening(stranger, ben), door[allowIncoming])
      assert.equal(await canChat(stranger, ben), allowIncoming === 'all')
      assert.deepEqual((await memberSeen(ann, convoId, ben)).associated?.chat, chat)
      assert.equal(await sending(ann, convoId, 'Still friends'), 'ok')
    }
    await remove(ben, uri)
    await seen(() => opening(stranger, ben), door.following)
    assert.equal((await memberSeen(ann, convoId, ben)).associated?.chat, undefined)
  })

  test('a deactivated account is missing, and comes back with all it wrote', async () => {
    const { ann, ben, convoId } = await talking('pause')
    await ok(ben.pds.post('com.atproto.server.deactivateAccount', { input: {}, as: null }))
    await assertMissing(ann, ben, convoId)
    await ok(ben.pds.post('com.atproto.server.activateAccount', { as: null }))
    await assertBack(ann, ben, convoId)
  })

  test('an account that is taken down is missing, and comes back when that is reversed', async () => {
    const { ann, ben, convoId } = await talking('takedown')
    await operator.setTakenDown(ben.did, true)
    await assertMissing(ann, ben, convoId)
    // A session from before still passes through the PDS; nobody hears of what it says.
    await sending(ben, convoId, 'I am still here')
    assert.equal((await textsOf(ann, convoId)).includes('I am still here'), false)
    await operator.setTakenDown(ben.did, false)
    await assertBack(ann, await logInAt(oldPds, ben.did), convoId)
  })

  test('an account that its owner deletes is missing', async () => {
    const { ann, ben, convoId } = await talking('leaving')
    const { did } = ben
    await ok(ben.pds.post('com.atproto.server.requestAccountDelete', { as: null }))
    const token = operator.mailedCode(did, 'delete_account')
    await ok(ben.pds.post('com.atproto.server.deleteAccount', { input: { did, password, token }, as: null }))
    await assertMissing(ann, ben, convoId)
  })

  test('an account that the operator deletes is missing', async () => {
    const { ann, ben, convoId } = await talking('deleted')
    await operator.deleteAccount(ben.did)
    await assertMissing(ann, ben, convoId)
  })

  test('a new key signs, and the old one does not any more, whichever of the two is seen first', async () => {
    const { ann, ben, convoId } = await talking('key')
    for (const first of ['old', 'new']) {
      const old = await serviceToken(ben, net.chat.did)
      assert.equal(await callWith(net.chat.url, old), 'ok')
      await rotateKey(ben, operator)
      const fresh = await serviceToken(ben, net.chat.did)
      const inOrder = [
        () => seen(() => callWith(net.chat.url, old), 'BadJwtSignature'),
        () => seen(() => callWith(net.chat.url, fresh), 'ok'),
      ]
      for (const look of first === 'old' ? inOrder : inOrder.reverse()) await look()
      assert.equal(await sending(ben, convoId, `Signed anew, ${first} seen first`), 'ok')
    }
    const displayName = 'Ben with a new key'
    await putSelf(ben, 'app.bsky.actor.profile', { displayName })
    await seen(async () => (await memberSeen(ann, convoId, ben)).displayName, displayName)
  })

  test('an account that moves to another PDS goes on where it was', async () => {
    const { ann, ben, convoId } = await talking('move')
    const displayName = 'Ben'
    await putSelf(ben, 'app.bsky.actor.profile', { displayName })
    const old = await serviceToken(ben, net.chat.did)
    assert.equal(await callWith(net.chat.url, old), 'ok')

    const moved = await move(ben, { from: operator, to: newPds })
    await seen(() => callWith(net.chat.url, old), 'BadJwtSignature')
    await assertTalking(ann, moved, convoId)
    const look = async () => (await memberSeen(ann, convoId, ben)).displayName
    await seen(look, displayName)
    assert.deepEqual((await textsOf(moved, convoId)).slice(0, 2), ['Hello Ben', 'Hello Ann'])

    await putSelf(moved, 'app.bsky.actor.profile', { displayName: 'Ben elsewhere' })
    await seen(look, 'Ben elsewhere')
    const params = { actor: ben.handle as Handle }
    const profile = await ok(ann.pds.get('app.bsky.actor.getProfile', { params }))
    assert.deepEqual([profile.did, profile.displayName], [ben.did, 'Ben elsewhere'])
    const block = await create(moved, 'app.bsky.graph.block', { subject: ann.did })
    await assertBlocked({ blocker: moved, other: ann, convoId, block })
    await remove(moved, block)
    await assertTalking(ann, moved, convoId)

    await operator.deleteAccount(ben.did)
    await newOperator.setTakenDown(ben.did, true)
    await assertMissing(ann, ben, convoId)
    await newOperator.setTakenDown(ben.did, false)
    await assertBack(ann, await logInAt(newPds, ben.did), convoId)
  })
})

test('all of it was answered as the official lexicons say, and never by a fault', () =>
  assertOfficial(answers))

async function assertTalking(one: LoggedIn, other: LoggedIn, convoId: string): Promise<void> {
  await seen(() => canChat(one, other), true)
  await seen(() => canChat(other, one), true)
  assert.equal(await sending(one, convoId, 'Can you hear me?'), 'ok')
  assert.equal(await sending(other, convoId, 'I can'), 'ok')
  assert.equal(await lastMessageSeen(one, convoId), 'I can')
}

async function assertBlocked(options: {
  blocker: LoggedIn
  other: LoggedIn
  convoId: string
  block: string
}): Promise<void> {
  const { blocker, other, convoId, block } = options
  await seen(() => canChat(other, blocker), false)
  assert.equal(await canChat(blocker, other), false)
  assert.equal(await sending(other, convoId, 'Why?'), blocked)
  assert.equal(await sending(blocker, convoId, 'Because'), blocked)
  assert.equal((await memberSeen(other, convoId, blocker)).viewer?.blockedBy, true)
  assert.equal((await memberSeen(blocker, convoId, other)).viewer?.blocking, block)
}

/** Of `ben` nothing shows but that there was somebody (behaviour.md 3.7, 3.8). */
async function assertMissing(ann: LoggedIn, ben: LoggedIn, convoId: string): Promise<void> {
  await seen(async () => (await memberSeen(ann, convoId, ben)).handle, 'missing.invalid')
  assert.equal((await memberSeen(ann, convoId, ben)).displayName, undefined)
  assert.equal(await lastMessageSeen(ann, convoId), 'chat.bsky.convo.defs#deletedMessageView')
  const texts = await textsOf(ann, convoId)
  assert.deepEqual([texts.includes('Hello Ben'), texts.includes('Hello Ann')], [true, false])
  assert.equal(await canChat(ann, ben), false)
  assert.equal(await opening(stranger, ben), 'RecipientNotFound')
  assert.equal(await sending(ann, convoId, 'Where are you?'), gone)
  assert.equal(await unread(ann), 0)
}

async function assertBack(ann: LoggedIn, ben: LoggedIn, convoId: string): Promise<void> {
  await seen(async () => (await memberSeen(ann, convoId, ben)).handle, ben.handle as Handle)
  assert.deepEqual((await textsOf(ann, convoId)).slice(0, 2), ['Hello Ben', 'Hello Ann'])
  assert.equal(await unread(ann), 1)
  await assertTalking(ann, ben, convoId)
}
