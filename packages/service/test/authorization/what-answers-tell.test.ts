import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { calls, nsidOf, type Target } from './calls.ts'
import { nowhere, playDirect, playGroup, secret } from './scenes.ts'
import { directOutsiders, groupOutsiders, type Part, type Situation } from './situations.ts'
import { TokenDesk } from './token-desk.ts'
import { type Given, type Name, type Reply, stores, World } from './world.ts'

/** What the answers tell to those who try ids and codes that are not for them. */

const desk = await TokenDesk.open()
const methods = Object.keys(calls)
const previews = 'chat.bsky.group.getJoinLinkPreviews'

/** Methods that show whichever convos are the caller's. Previews are for everybody, moderation for moderators. */
const lists = methods.filter(
  method => calls[method]!.lists && !method.startsWith('moderation.') && !previews.endsWith(method),
)

const value = '👍'
const replying = (convoId: string, messageId: string) => ({
  convoId,
  message: { text: 'x', replyTo: { messageId } },
})
const withMessage: [method: string, given: (convoId: string, messageId: string) => Given][] = [
  ['convo.addReaction', (convoId, messageId) => ({ convoId, messageId, value })],
  ['convo.deleteMessageForSelf', (convoId, messageId) => ({ convoId, messageId })],
  ['convo.removeReaction', (convoId, messageId) => ({ convoId, messageId, value })],
  ['convo.sendMessage', replying],
  ['convo.sendMessageBatch', (convoId, messageId) => ({ items: [replying(convoId, messageId)] })],
  ['convo.updateRead', (convoId, messageId) => ({ convoId, messageId })],
]

for (const [store, watch] of stores) {
  const newWorld = async () => new World(await watch(), desk, ['mona'])

  describe(`whether something is there (${store})`, () => {
    for (const situation of [...directOutsiders, ...groupOutsiders]) {
      test(`is not told to one who ${situation.meaning}`, async () => {
        const world = await newWorld()
        const target = await situation.play(world)
        for (const { method, answers } of await tryIds(world, situation, target)) {
          assert.equal(new Set(answers).size, 1, `${method}: ${answers.join('\n')}`)
        }
        await world.close()
      })
    }

    test('is not told by ids of messages in convos of others, nor from before joining or leaving', async () => {
      for (const [play, part] of [
        [playForeign, 'stranger'],
        [playAddedLater, 'stranger'],
        [playDirect, 'left'],
      ] as const) {
        const world = await newWorld()
        const { convoId, messageId } = await play(world, part, undefined)
        for (const [method, given] of withMessage) {
          const ask = (id: string) => refused(world, 'bob', method, given(convoId, id))
          assert.equal(await ask(messageId), await ask(nowhere.id), method)
        }
        await world.close()
      }
    })

    test('is not told by a batch that begins in a convo of one’s own, and nothing of it is sent', async () => {
      const world = await newWorld()
      const own = await world.play('bob', 'convo.getConvoForMembers', { members: [world.did('dave')] })
      const { convoId } = await playDirect(world, 'stranger', undefined)
      const batch = (id: string) => ({
        items: [own.convo.id, id].map(convoId => ({ convoId, message: { text: 'x' } })),
      })
      const ask = (id: string) => refused(world, 'bob', 'convo.sendMessageBatch', batch(id))
      assert.equal(await ask(convoId), await ask(nowhere.id))
      await world.close()
    })

    test('is not told of a convo in which the other side has not written', async () => {
      const told = await Promise.all(
        (['untold', 'stranger'] as const).map(async part => {
          const world = await newWorld()
          const target = await playDirect(world, part, undefined)
          const answers = await Promise.all(
            lists.map(method => world.ask('bob', nsidOf(method), calls[method]!.given(target))),
          )
          await world.close()
          return answers.map(({ text }) => text)
        }),
      )
      assert.deepEqual(told[0], told[1])
    })
  })

  describe(`a group (${store})`, () => {
    test('does not tell members who asks to join, nor whom its owner could add', async () => {
      const world = await newWorld()
      const { convoId, waiting, candidate, member } = await playGroup(world, 'member', undefined)
      world.stage.people.block(candidate, world.did('bob'))
      for (const method of ['approveJoinRequest', 'rejectJoinRequest', 'addMembers', 'removeMembers']) {
        const answers = await Promise.all(
          [waiting, candidate, member, 'did:plc:nobodynobodynobodynobody'].map(did =>
            refused(world, 'bob', `group.${method}`, { convoId, member: did, members: [did] }),
          ),
        )
        assert.equal(new Set(answers).size, 1, `${method}: ${answers.join('\n')}`)
      }
      await world.close()
    })

    test('says nothing more to whoever has left or was removed', async () => {
      for (const part of ['left', 'removed'] as const) {
        const world = await newWorld()
        const target = await playGroup(world, part, undefined)
        const hear = async () => {
          const answers = lists.map(method => world.ask('bob', nsidOf(method), calls[method]!.given(target)))
          return (await Promise.all(answers)).map(({ text }) => text)
        }
        const before = await hear()
        const { convoId } = target
        await world.play('alice', 'convo.sendMessage', { convoId, message: { text: 'they are gone' } })
        await world.play('carla', 'convo.acceptConvo', { convoId })
        await world.play('alice', 'group.editGroup', { convoId, name: 'just us' })
        await world.play('alice', 'group.approveJoinRequest', { convoId, member: target.waiting })
        await world.play('alice', 'convo.lockConvo', { convoId })
        assert.deepEqual(await hear(), before)
        await world.close()
      }
    })
  })

  describe(`history (${store})`, () => {
    test('of before is nowhere for whoever comes back to a group, though others reply and react to it', async () => {
      const world = await newWorld()
      const target = await playGroup(world, 'removed', undefined)
      const { convoId } = target
      await world.play('alice', 'convo.sendMessage', { convoId, message: { text: secret.text } })
      await world.play('alice', 'group.addMembers', { convoId, members: [world.did('bob')] })
      await assertNothingOfBefore(world, target, 'carla')
      await world.close()
    })

    test('of before is nowhere for whoever left a direct convo that comes back', async () => {
      const world = await newWorld()
      await assertNothingOfBefore(world, await playDirect(world, 'left', undefined), 'alice')
      await world.close()
    })
  })

  describe(`the code of a link (${store})`, () => {
    test('that was replaced is a code that never was', async () => {
      const world = await newWorld()
      const { convoId, code } = await playGroup(world, 'stranger', undefined, 'disableJoinLink')
      await world.play('alice', 'group.createJoinLink', { convoId, joinRule: 'anyone' })
      for (const method of ['group.requestJoin', 'group.getJoinLinkPreviews']) {
        const ask = async (it: string) =>
          (await world.ask('bob', nsidOf(method), { code: it, codes: [it] })).text.replaceAll(it, '')
        assert.equal(await ask(code), await ask(nowhere.code), method)
      }
      await world.close()
    })

    test('shows whoever is outside no more than whoever is not logged in', async () => {
      for (const situation of groupOutsiders) {
        const world = await newWorld()
        const { code } = await situation.play(world)
        const preview = async (token: 'good' | 'none') => {
          const { text } = await world.ask('bob', previews, { codes: [code] }, token)
          return JSON.parse(text).joinLinkPreviews[0]
        }
        const { viewer, ...seen } = await preview('good')
        assert.equal(viewer !== undefined, situation.name === 'waiting', situation.name)
        // How the owner and the viewer stand to each other is known to both from the network.
        delete seen.owner.viewer
        assert.deepEqual(seen, await preview('none'), situation.name)
        await world.close()
      }
    })

    test('that is disabled shows nothing but that to anybody, its owner included', async () => {
      const world = await newWorld()
      const { code } = await playGroup(world, 'member', undefined, 'disableJoinLink')
      const $type = 'chat.bsky.group.defs#disabledJoinLinkPreviewView'
      for (const name of ['alice', 'bob', 'dave'] as const) {
        const { text } = await world.ask(name, previews, { codes: [code] })
        assert.deepEqual(JSON.parse(text), { joinLinkPreviews: [{ $type, code }] })
      }
      await world.close()
    })
  })
}

/** What a method that takes ids answers to those that are there, to others, and to what is no id at all. */
async function tryIds(world: World, { caller, name }: Situation, target: Target) {
  const tried: Target[] = [
    target,
    { ...target, convoId: nowhere.id, messageId: nowhere.id },
    { ...target, convoId: nowhere.id },
    { ...target, messageId: nowhere.id },
    { ...target, convoId: 'none' },
  ]
  const given = (method: string) => tried.map(it => calls[method]!.given(it))
  const takingIds = methods
    .filter(method => new Set(given(method).map(it => JSON.stringify(it))).size > 1)
    // Whoever waits withdraws.
    .filter(method => !(name === 'waiting' && method === 'group.withdrawJoinRequest'))
  assert.ok(takingIds.length > 25)
  const found: { method: string; answers: string[] }[] = []
  for (const method of takingIds) {
    const answers: string[] = []
    for (const it of given(method)) answers.push(await refused(world, caller, method, it))
    found.push({ method, answers })
  }
  return found
}

/** All that is told of a refusal that has to be. */
async function refused(world: World, name: Name, method: string, given: Given): Promise<string> {
  const { status, text, written }: Reply = await world.ask(name, nsidOf(method), given)
  assert.ok(status >= 400, `${method}: ${text}`)
  assert.equal(written, 0, method)
  return `${status} ${text}`
}

/** A convo of bob with dave, and a message that is not in it. */
async function playForeign(world: World, part: Part): Promise<Pick<Target, 'convoId' | 'messageId'>> {
  const { messageId } = await playDirect(world, part, undefined)
  const { convo } = await world.play('bob', 'convo.getConvoForMembers', { members: [world.did('dave')] })
  return { convoId: convo.id, messageId }
}

/** A group that bob was added to after the message. */
async function playAddedLater(world: World, part: Part): Promise<Pick<Target, 'convoId' | 'messageId'>> {
  const { convoId, messageId } = await playGroup(world, part, undefined)
  await world.play('alice', 'group.addMembers', { convoId, members: [world.did('bob')] })
  return { convoId, messageId }
}

/** Others reply to what was said before, and react to it: bob hears of the one without its target, of the other not. */
async function assertNothingOfBefore(world: World, target: Target, reacting: Name): Promise<void> {
  const { convoId, messageId } = target
  const { id } = await world.play('alice', 'convo.sendMessage', replying(convoId, messageId))
  await world.play(reacting, 'convo.addReaction', { convoId, messageId, value })
  const told: string[] = []
  for (const method of [...lists, 'convo.getConvo', 'convo.getMessages']) {
    const { text } = await world.ask('bob', nsidOf(method), calls[method]!.given(target))
    assert.ok(!text.includes(secret.text), `${method}: ${text}`)
    assert.ok(!text.includes('reactionView'), `${method}: ${text}`)
    if (text.includes(id)) told.push(method)
  }
  assert.ok(told.includes('convo.getMessages') && told.includes('convo.getLog'), told.join())
}
