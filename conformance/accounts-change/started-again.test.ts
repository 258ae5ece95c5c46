import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { after, test } from 'node:test'
import { Devnet } from '@parley/devnet'
import { openConvo, send } from '../account.ts'
import { canChat, memberSeen, sending } from './look.ts'
import { move } from './move.ts'
import { Operator } from './operator.ts'
import { join, logInAt, putSelf } from './resident.ts'
import { seen } from './seen.ts'

const dataDir = await mkdtemp(joinPath(tmpdir(), 'parley-moved-'))
after(() => rm(dataDir, { recursive: true }))
const options = { dataDir, pdsCount: 2, seed: false }

test('an account that has moved is where it is after a restart, with an index made anew', async () => {
  await using net = await Devnet.create(options)
  const [oldPds, newPds] = net.pdses.map(({ url }) => url) as [string, string]
  const [ann, ben] = await Promise.all([join(oldPds, 'ann'), join(oldPds, 'ben')])
  await putSelf(ben, 'chat.bsky.actor.declaration', { allowIncoming: 'all' })
  await seen(() => canChat(ann, ben), true)
  const convoId = await openConvo(ann, ben)
  await send(ann, convoId, 'Hello Ben')
  const moved = await move(ben, { from: new Operator({ folder: dataDir, url: oldPds }), to: newPds })
  await putSelf(moved, 'app.bsky.actor.profile', { displayName: 'Ben elsewhere' })
  await net.close()

  const index = (await readdir(dataDir)).filter(name => name.startsWith('chat.sqlite-people'))
  assert.notEqual(index.length, 0)
  for (const name of index) await rm(joinPath(dataDir, name))
  await using again = await Devnet.create(options)
  const [oldAgain, newAgain] = again.pdses.map(({ url }) => url) as [string, string]
  assert.notEqual(newAgain, newPds)
  const annAgain = await logInAt(oldAgain, ann.did)
  const benAgain = await logInAt(newAgain, ben.did)
  await seen(async () => (await memberSeen(annAgain, convoId, ben)).displayName, 'Ben elsewhere')
  assert.equal(await sending(benAgain, convoId, 'And I am still there'), 'ok')
  assert.equal(await sending(annAgain, convoId, 'So I see'), 'ok')
})
