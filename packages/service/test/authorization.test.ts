import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { endpoints, subscriptions } from '../src/endpoints/index.ts'
import { calls, methodOf, nsidOf, type Target } from './authorization/calls.ts'
import { chapters } from './authorization/chapters.ts'
import { authorizationDocument, documentUrl } from './authorization/document.ts'
import { secret } from './authorization/scenes.ts'
import type { Situation } from './authorization/situations.ts'
import { TokenDesk } from './authorization/token-desk.ts'
import { wordFor } from './authorization/words.ts'
import { isRead, type Reply, stores, World } from './authorization/world.ts'
import type { Watched } from './inspected.ts'

const desk = await TokenDesk.open()

const methods = [...endpoints, ...subscriptions].map(({ schema }) => methodOf(schema.nsid)).sort()

test('every method has a row in every table, and every row a method', () => {
  assert.deepEqual(Object.keys(calls).sort(), methods)
  for (const { title, rows } of chapters)
    assert.deepEqual(rows.map(({ method }) => method).sort(), methods, title)
})

test('docs/authorization.md says what the matrix says', () => {
  assert.equal(
    readFileSync(documentUrl, 'utf8'),
    authorizationDocument(),
    'run node packages/service/test/authorization/write-document.ts',
  )
})

for (const [store, watch] of stores) {
  for (const { title, situations, rows } of chapters) {
    describe(`${title} (${store})`, () => {
      for (const [column, situation] of situations.entries()) {
        test(`one who ${situation.meaning} (${situation.name})`, async () => {
          const answers = await answersIn(situation, watch)
          const others = rows
            .map(({ method, cells }) => ({ method, expected: cells[column], answered: answers[method] }))
            .filter(({ expected, answered }) => expected !== answered)
          assert.deepEqual(others, [])
        })
      }
    })
  }
}

/** What every method answers. */
async function answersIn(
  situation: Situation,
  watch: () => Promise<Watched>,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  await using worlds = new Worlds(situation, watch)
  for (const method of methods) {
    const { world, target } = await worlds.forCall(calls[method]!.after)
    const reply = await world.ask(
      situation.caller,
      nsidOf(method),
      calls[method]!.given(target),
      situation.token,
    )
    answers[method] = wordFor(method, target, reply)
    assertHarmless(situation, method, reply)
    assertDiscreet(world, method)
    if (reply.written > 0) await worlds.renew()
  }
  return answers
}

/** Worlds in one situation, each used until something in it has changed. */
class Worlds implements AsyncDisposable {
  readonly #situation: Situation
  readonly #watch: () => Promise<Watched>
  #current: { world: World; target: Target; setUp: string | undefined } | undefined

  constructor(situation: Situation, watch: () => Promise<Watched>) {
    this.#situation = situation
    this.#watch = watch
  }

  async forCall(setUp: string | undefined): Promise<{ world: World; target: Target }> {
    if (this.#current && this.#current.setUp !== setUp) await this.renew()
    if (!this.#current) {
      const world = new World(await this.#watch(), desk, this.#situation.moderators)
      this.#current = { world, target: await this.#situation.play(world, setUp), setUp }
    }
    return this.#current
  }

  async renew(): Promise<void> {
    await this.#current?.world.close()
    this.#current = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.renew()
  }
}

function assertHarmless({ seesHistory, caller }: Situation, method: string, reply: Reply): void {
  const nsid = nsidOf(method)
  const mayWrite = !reply.error && (!isRead(nsid) || method === 'convo.getConvoForMembers')
  if (!mayWrite) assert.equal(reply.written, 0, `${method} has written`)
  if (reply.error) assert.deepEqual(Object.keys(reply.error), ['error', 'message'])
  const moderates = caller === 'mona' && method.startsWith('moderation.')
  if (reply.error || !(seesHistory || moderates)) {
    assert.ok(!reply.text.includes(secret.text), `${method} tells what was said`)
  }
}

/** The log of the service tells nothing of what was said either, and there are no faults in it. */
function assertDiscreet({ log }: World, method: string): void {
  for (const line of log) {
    assert.ok(!line.includes(secret.text) && !line.includes(secret.groupName), `${method}: ${line}`)
    assert.ok(!line.includes('"fault"'), `${method}: ${line}`)
  }
  log.length = 0
}
