import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fakeNetwork } from '../src/fake-network/index.ts'
import { memorySessionStore, type SessionData, type SessionStore } from '../src/index.ts'
import { fileSessionStore } from '../src/node/index.ts'

const program = fileURLToPath(new URL('./shared-session/asking.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'parley-session-'))
after(() => rmSync(folder, { recursive: true }))

/** When its access token was made. */
function readIat({ accessJwt }: SessionData): number {
  return JSON.parse(Buffer.from(accessJwt.split('.')[1]!, 'base64url').toString()).iat
}

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

  it('is not put back to what it was by one who has only taken it up', async () => {
    const net = fakeNetwork({ users: ['alice.test'] })
    const kept = memorySessionStore()
    await net.client('alice.test', { sessionStore: kept })
    const reading = Promise.withResolvers<void>()
    const slow: SessionStore = {
      ...kept,
      load: async key => {
        const session = await kept.load(key)
        await reading.promise
        return session
      },
    }
    const late = net.newClient({ sessionStore: slow })
    const loggedIn = late.resume('alice.test')
    await net.advance(3 * 3_600_000)
    const other = net.newClient({ sessionStore: kept })
    const { did } = await other.resume('@Alice.test')
    const renewed = await kept.load(`${net.service} alice.test`)
    reading.resolve()
    // Its token has run out as well; the answer is what the other one has kept, or a renewal of its own.
    assert.equal((await loggedIn).did, did)
    const last = await kept.load(`${net.service} alice.test`)
    assert.ok(readIat(last!) >= readIat(renewed!))
    await (await net.client('alice.test', { sessionStore: kept })).dm.unread()
  })

  it('is taken up without a password, or it is said that there is none', async () => {
    const net = fakeNetwork({ users: ['alice.test'] })
    const sessionStore = memorySessionStore()
    await assert.rejects(net.newClient({ sessionStore }).resume('alice.test'), { code: 'auth/required' })
    await net.client('alice.test', { sessionStore })
    const client = net.newClient({ sessionStore })
    assert.equal((await client.resume('alice.test')).handle, 'alice.test')
    await client.dm.unread()
    const logins = net.requests.filter(({ method }) => method.endsWith('createSession'))
    assert.equal(logins.length, 1)
    await client.logout()
    await assert.rejects(net.newClient({ sessionStore }).resume('alice.test'), { code: 'auth/required' })
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
