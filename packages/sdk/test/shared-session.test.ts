import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { fileSessionStore } from '../src/node/index.ts'

const program = fileURLToPath(new URL('./shared-session/asking.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'parley-session-'))
after(() => rmSync(folder, { recursive: true }))

describe('a session that several processes share', () => {
  it('is renewed once when all find it expired, and is good for all of them', async () => {
    const net = fakeNetwork({ users: ['alice.test'] })
    await using server = await net.listen()
    const file = join(folder, 'sessions.json')
    const { password } = net.user('alice.test')
    const processes = []
    for (let number = 0; number < 3; number++) {
      const one = spawn(process.execPath, [program, server.url, net.chat, 'alice.test', password, file], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      await once(one.stdout, 'data') // the first makes the session, the others take it up
      processes.push(one)
    }
    net.expireTokens()
    const ended = processes.map(one => once(one, 'exit'))
    for (const one of processes) one.stdin.write('now\n')
    for (const [code] of await Promise.all(ended)) assert.equal(code, 0)
    const count = (name: string) => net.requests.filter(({ method }) => method.endsWith(name)).length
    assert.equal(count('server.createSession'), 1)
    assert.equal(count('server.refreshSession'), 1)
    assert.deepEqual(readdirSync(folder), ['sessions.json'])
  })

  it('is renewed from where the last one left it, however long ago that was', async () => {
    const net = fakeNetwork({ users: ['alice.test'] })
    const sessionStore = fileSessionStore(join(folder, 'idle.json'))
    const busy = await net.client('alice.test', { sessionStore })
    const idle = await net.client('alice.test', { sessionStore })
    for (let hours = 0; hours < 9; hours += 3) {
      await net.advance(3 * 3_600_000)
      await busy.dm.unread()
    }
    await net.advance(3 * 3_600_000)
    // Its own token for renewing was used up by the other one, and what that kept last has run out as well.
    await idle.dm.unread()
    await busy.dm.unread()
    const count = (name: string) => net.requests.filter(({ method }) => method.endsWith(name)).length
    assert.equal(count('server.refreshSession'), 4)
    assert.equal(count('convo.getUnreadCounts'), 5) // none was refused
  })

  it('is not waited for where the process that was renewing it has died', async () => {
    const file = join(folder, 'dead.json')
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    writeFileSync(`${file}.renewing`, `${dead.pid} ${hostname()}`)
    assert.equal(await fileSessionStore(file).withLock!('key', async () => 'done'), 'done')
  })

  it('is left alone while another one renews it', async () => {
    const file = join(folder, 'held.json')
    const [one, other] = [fileSessionStore(file), fileSessionStore(file)]
    const order: string[] = []
    const hold = Promise.withResolvers<void>()
    const first = one.withLock!('key', async () => {
      order.push('first begins')
      await hold.promise
      order.push('first ends')
    })
    while (order.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    const second = other.withLock!('key', async () => order.push('second'))
    await new Promise(resolve => setTimeout(resolve, 100))
    hold.resolve()
    await Promise.all([first, second])
    assert.deepEqual(order, ['first begins', 'first ends', 'second'])
  })

  it('loses no entry where they write at the same time', async () => {
    const file = join(folder, 'many.json')
    const stores = Array.from({ length: 5 }, () => fileSessionStore(file))
    const session = {
      did: 'did:plc:a',
      handle: 'a.test',
      accessJwt: 'a',
      refreshJwt: 'r',
      pds: 'https://a',
    } as const
    await Promise.all(stores.flatMap((store, n) => [1, 2, 3].map(m => store.save(`${n} ${m}`, session))))
    assert.equal(Object.keys(JSON.parse(readFileSync(file, 'utf8'))).length, 15)
  })
})
