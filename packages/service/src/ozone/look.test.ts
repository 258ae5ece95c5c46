import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { testDid } from '../auth/test-tokens.ts'
import { systemClock } from '../clock.ts'
import { createLogger } from '../logger.ts'
import { readAccessConfig } from './access-config.ts'
import { keepLooking } from './keep-looking.ts'
import { createLook } from './look.ts'
import { openProgressFile } from './progress-file.ts'
import { createSetAccess } from './set-access.ts'
import { createTaggedAccounts } from './tagged-accounts.ts'
import { type FakeChat, type FakeOzone, startFakeChat, startFakeOzone } from './testing/fake-servers.ts'

const [alice, bob, carla] = ['alice', 'bob', 'carla'].map(testDid) as [string, string, string]
const minuteMs = 60_000

describe('what moderators press in Ozone', () => {
  let held: AsyncDisposableStack
  let ozone: FakeOzone
  let chat: FakeChat
  let progressPath: string

  beforeEach(async () => {
    held = new AsyncDisposableStack()
    ozone = held.use(await startFakeOzone())
    chat = held.use(await startFakeChat())
    const folder = await mkdtemp(join(tmpdir(), 'parley-ozone-access-'))
    held.defer(() => rm(folder, { recursive: true }))
    progressPath = join(folder, 'progress')
  })
  afterEach(() => held.disposeAsync())

  /** As the program does, and as it does after a restart. */
  async function start(): Promise<() => Promise<void>> {
    const config = readAccessConfig({
      OZONE_PUBLIC_URL: ozone.url,
      OZONE_SERVER_DID: testDid('ozone'),
      OZONE_ADMIN_PASSWORD: 'sesame',
      OZONE_SIGNING_KEY_HEX: '11'.repeat(32),
      OZONE_CHAT_URL: chat.url,
      OZONE_CHAT_DID: 'did:web:chat.example.org',
      PARLEY_OZONE_PROGRESS: progressPath,
    })
    const look = await createLook({
      ozone: createTaggedAccounts(config),
      setAccess: await createSetAccess(config, systemClock),
      progress: openProgressFile(config.progressPath),
      logger: createLogger('silent'),
    })
    return () => look(new AbortController().signal)
  }

  it('is told to the chat service, once', async () => {
    const look = await start()
    await look()
    ozone.press('disable', alice)
    await look()
    ozone.press('enable', alice)
    await look()
    await look()
    assert.deepEqual(chat.told, [`${alice} false`, `${alice} true`])
  })

  it('is told as it stands, whatever came before', async () => {
    for (const button of ['disable', 'enable', 'disable', 'enable'] as const) ozone.press(button, alice)
    await (await start())()
    assert.deepEqual(chat.told, [`${alice} true`])
  })

  it('is found page by page', async () => {
    const dids = Array.from({ length: 230 }, (_, i) => `did:web:a${i}.example.org`)
    for (const did of dids) ozone.press('disable', did)
    await (await start())()
    assert.deepEqual(
      chat.told,
      dids.map(did => `${did} false`),
    )
  })

  it('is not lost where Ozone shows it after younger ones', async () => {
    const look = await start()
    ozone.press('disable', alice)
    await look()
    ozone.press('disable', bob, Date.now() - minuteMs)
    await look()
    assert.deepEqual(chat.told, [`${alice} false`, `${bob} false`])
  })

  it('is not lost while this is down, and old events are not read again', async () => {
    await (await start())()
    ozone.press('disable', alice, Date.now() - 2 * minuteMs)
    await (await start())()
    assert.deepEqual(chat.told, [`${alice} false`])
    assert.deepEqual(ozone.askedFrom.slice(0, 2), [null, null])
    const reach = Date.now() - Date.parse(ozone.askedFrom[2]!)
    assert.ok(reach > 5 * minuteMs && reach < 6 * minuteMs, `${reach} ms`)
  })

  it('is tried again until the chat service takes it, also by the next one who starts', async () => {
    chat.refuse = () => ({ status: 503, body: { error: 'ServiceUnavailable' } })
    ozone.press('disable', alice)
    const look = await start()
    await assert.rejects(look)
    await assert.rejects(look)
    chat.refuse = undefined
    await (await start())()
    await look()
    assert.deepEqual(chat.told, [`${alice} false`, `${alice} false`])
  })

  it('is carried out by a program that a failure does not end, until it is told to stop', async () => {
    const stop = new AbortController()
    let looks = 0
    const look = await start()
    await keepLooking(
      async () => {
        looks += 1
        if (looks === 1) throw new Error('Ozone is down')
        ozone.press('disable', alice)
        await look()
        stop.abort()
      },
      createLogger('silent'),
      stop.signal,
    )
    assert.deepEqual(chat.told, [`${alice} false`])
  })

  it('is told of the others where one account is refused', async () => {
    chat.refuse = did => (did === bob ? { status: 400, body: { error: 'InvalidRequest' } } : undefined)
    for (const did of [alice, bob, carla]) ozone.press('disable', did)
    const look = await start()
    await assert.rejects(look)
    await assert.rejects(look)
    assert.deepEqual(chat.told, [`${alice} false`, `${carla} false`])
    chat.refuse = undefined
    await look()
    assert.deepEqual(chat.told.slice(2), [`${bob} false`])
  })

  it('meets a refusal that says what to look at, and repeats nothing of it but its name', async () => {
    chat.refuse = () => ({ status: 403, body: { error: 'Forbidden', message: 'sesame' } })
    ozone.press('disable', alice)
    await assert.rejects(await start(), {
      name: 'UpstreamFailure',
      message:
        `${chat.url} refused chat.bsky.moderation.updateActorAccess: 403 Forbidden;` +
        ' does PARLEY_MODERATORS of the chat service name OZONE_SERVER_DID?',
    })
    chat.refuse = () => ({ status: 400, body: { error: 'say "sesame"' } })
    await assert.rejects(await start(), /400 without a name; what does its log say\?$/)
  })

  it('is left alone while the progress file is somebody else’s', async () => {
    await writeFile(progressPath, 'my diary\n')
    await assert.rejects(start, /progress holds no moment/)
    assert.equal(await readFile(progressPath, 'utf8'), 'my diary\n')
  })
})

describe('the environment', () => {
  it('is refused with all that it lacks, and with no secret', () => {
    const env = { OZONE_SIGNING_KEY_HEX: 'abc123', OZONE_CHAT_URL: 'https://chat.example.org/xrpc' }
    assert.throws(
      () => readAccessConfig(env),
      ({ name, message }: Error) => {
        assert.equal(name, 'ConfigError')
        assert.deepEqual(
          message.split('\n').map(line => line.split(':')[0]),
          [
            'OZONE_PUBLIC_URL is not set',
            'OZONE_SERVER_DID is not set',
            'OZONE_ADMIN_PASSWORD is not set',
            'OZONE_SIGNING_KEY_HEX is wrong',
            'OZONE_CHAT_URL is wrong',
            'OZONE_CHAT_DID is not set',
          ],
        )
        return !message.includes('abc123')
      },
    )
  })

  it('may write origins with a slash at the end', () => {
    const config = readAccessConfig({
      OZONE_PUBLIC_URL: 'https://ozone.example.org/',
      OZONE_SERVER_DID: testDid('ozone'),
      OZONE_ADMIN_PASSWORD: 'sesame',
      OZONE_SIGNING_KEY_HEX: 'AB'.repeat(32),
      OZONE_CHAT_URL: 'http://localhost:2590',
      OZONE_CHAT_DID: 'did:web:localhost%3A2590',
    })
    assert.equal(config.ozoneUrl, 'https://ozone.example.org')
    assert.equal(config.chatUrl, 'http://localhost:2590')
    assert.equal(config.signingKey.length, 32)
    assert.equal(config.progressPath, 'ozone-access.progress')
  })
})
