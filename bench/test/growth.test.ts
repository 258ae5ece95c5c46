import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { getOrMake } from '../../packages/service/src/get-or-make.ts'
import { assertWorldIsRight } from '../growth/check-world.ts'
import { filledWith } from '../growth/fill.ts'
import { historyOf, textOf } from '../growth/history.ts'
import { type World, worldOfConvos, worldOfMessages } from '../growth/world.ts'
import { type Answer, Caller } from '../load/caller.ts'
import { startOurs } from '../stacks/ours.ts'
import { ownFolder } from '../stacks/own-folder.ts'
import type { Stack } from '../stacks/stack.ts'

test('a world has as many messages and convos as it is called', () => {
  for (const world of [worldOfMessages(10_000, 40), worldOfConvos(30, 4)]) {
    const changes = [...historyOf(world).batches]
    const messages = changes.flatMap(batch => batch.messages)
    assert.equal(
      messages.length,
      world.convos.reduce((sum, convo) => sum + convo.messages, 0),
    )
    const revs = changes.flatMap(({ log }) => log.map(({ did, rev }) => `${did} ${rev}`))
    assert.equal(new Set(revs).size, revs.length)
  }
  assert.equal(
    worldOfMessages(10_000, 40).convos.reduce((sum, convo) => sum + convo.messages, 0),
    10_000,
  )
  const ofAccount = worldOfConvos(30, 4).convos.filter(({ members }) => members.includes(pairDids(30)[0]!))
  assert.equal(ofAccount.length, 30)
})

test('a database that was filled reads as one in which all of it was sent', async () => {
  await using own = await ownFolder(tmpdir(), 'parley-bench-test')
  const folder = own.path
  const world: World = { ...worldOfMessages(44, 4), name: 'small' }
  const filling = await filledWith(world, { engine: 'sqlite', folder })
  const options = { folder, accounts: 4, messages: 0 }
  await using filled = await startOurs({ ...options, ...filling, name: 'filled' })
  await using sent = await startOurs({ ...options, name: 'sent' })
  await send(sent, world)
  await assertWorldIsRight(filled, world)
  assert.deepEqual(await readAll(filled), await readAll(sent))
})

function pairDids(convos: number) {
  const { convos: all, firstOfPairs } = worldOfConvos(convos, 4)
  return all[firstOfPairs]!.members
}

/** In bursts of five, as histories are. */
async function send({ stage, ...stack }: Stack, { convos, firstOfPairs }: World): Promise<void> {
  using caller = await Caller.open(stack)
  for (const [pair, convoId] of stage.convoIds.entries()) {
    const { messages } = convos[firstOfPairs + pair]!
    for (let number = 0; number < messages; number++) {
      const account = Math.floor(number / 5) % 2 === 0 ? pair : pair + stage.accounts / 2
      await caller.post(account, 'chat.bsky.convo.sendMessage', {
        convoId,
        message: { text: textOf(number) },
      })
    }
  }
}

/** Everything that two members of a pair can read, without what is each database's own: ids and moments. */
async function readAll({ stage, ...stack }: Stack): Promise<Answer> {
  using caller = await Caller.open(stack)
  const answers: Answer[] = []
  for (const account of [0, stage.accounts / 2]) {
    const convoId = stage.convoIds[0]!
    answers.push(await caller.get(account, 'chat.bsky.convo.getMessages', { convoId, limit: '100' }))
    answers.push(await caller.get(account, 'chat.bsky.convo.listConvos', {}))
    answers.push(await caller.get(account, 'chat.bsky.convo.getUnreadCounts', {}))
    answers.push(await caller.get(account, 'chat.bsky.convo.getLog', { cursor: '2222222222222' }))
  }
  return numbered(answers)
}

/** The same with each id and each time as the place at which it first appears. */
function numbered(answers: Answer): Answer {
  const places = new Map<string, string>()
  const placeOf = (name: string) => getOrMake(places, name, () => `#${places.size}`)
  const text = JSON.stringify(answers, (key, value) => (key === 'sentAt' ? undefined : value))
  return JSON.parse(text.replace(/"[2-7a-j][2-7a-z]{12}"/g, id => JSON.stringify(placeOf(id))))
}
