import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { logIn, openConvo, send, textsOf } from '../account.ts'
import { startHandleHost } from '../handle-host.ts'
import { exceedRate, readModEvents, startModeratedDevnet } from '../lively-moderation.ts'
import { playLivelyScene } from '../lively-scene.ts'
import { assertOfficial } from '../official-lexicons.ts'
import { overhear } from '../overhear.ts'
import { bearer } from '../ozone/callers.ts'
import { assertPrintout } from '../printout.ts'
import { type Finished, runProgram } from '../run-program.ts'
import { withCast } from './founding-program.ts'
import { pythonWithPackages } from './venv.ts'

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const foundingProgram =
  process.env.FOUNDING_PROGRAM ?? fileURLToPath(new URL('../../../shared/seed-example.py', import.meta.url))

await using held = new AsyncDisposableStack()
const python = await pythonWithPackages()
const folder = await mkdtemp(join(tmpdir(), 'parley-python-'))
held.defer(() => rm(folder, { recursive: true, force: true }))
const { net, moderator } = await startModeratedDevnet()
held.use(net)
const answers = overhear(net.chat.url)
const handles = net.accounts.map(account => account.handle)
const certificate = await makeCertificate(handles)
const handleHost = held.use(await startHandleHost({ pdsUrl: net.pds.url, certificate }))
const resources = held.move()
after(() => resources.disposeAsync())

const alice = await logIn(net, 'alice.test')
const bob = await logIn(net, 'bob.test')
const pair = [
  { did: alice.did, name: 'Alice' },
  { did: bob.did, name: 'Bob' },
]

async function makeCertificate(names: string[]): Promise<{ cert: string; key: string }> {
  const made = await runProgram({ command: python, args: [inThisFolder('make_certificate.py'), ...names] })
  assert.equal(made.code, 0, made.stderr)
  const [cert, key] = made.stdout.split(/(?=-----BEGIN [A-Z ]*PRIVATE KEY-----)/)
  await writeFile(join(folder, 'certificate.pem'), cert!)
  return { cert: cert!, key: key! }
}

/** In a world where handles lead to their owners by HTTPS, as they do on the open network. */
function runPython(program: string, env: Record<string, string> = {}): Promise<Finished> {
  return runProgram({
    command: python,
    args: [program],
    env: {
      HTTPS_PROXY: handleHost.proxyUrl,
      NO_PROXY: 'localhost,127.0.0.1',
      SSL_CERT_FILE: join(folder, 'certificate.pem'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...env,
    },
  })
}

function asAlice(env: Record<string, string>): Record<string, string> {
  const { handle, appPassword } = net.account('alice.test')
  return { ATP_SERVICE: net.pds.url, ATP_IDENTIFIER: handle, ATP_PASSWORD: appPassword, ...env }
}

interface EverythingRead {
  /** How many objects of each model. */
  seen: Record<string, number>
  /** Models of chat.bsky that did not come by. */
  unseen: string[]
  /** Lines of an export. */
  exported: number
}

/** Models of what is sent and reported, and of the answer to a deletion. */
const neverRead = [
  'chat.bsky.actor.delete_account.Response',
  'chat.bsky.convo.defs.ConvoRef',
  'chat.bsky.convo.defs.MessageInput',
  'chat.bsky.convo.defs.MessageRef',
  'chat.bsky.convo.defs.ReplyRef',
  'chat.bsky.embed.join_link.Main',
]

/** What a moderator has: tokens for the methods that read, and events of every kind. */
async function asModerator(): Promise<Record<string, string>> {
  const names = ['getActorMetadata', 'getConvo', 'getConvoMembers', 'getConvos', 'getMessageContext']
  const nsids = names.map(name => `chat.bsky.moderation.${name}`)
  const tokens = await Promise.all(nsids.map(async nsid => [nsid, await bearer(moderator, nsid)]))
  const events = join(folder, 'mod-events.json')
  await writeFile(events, JSON.stringify(await readModEvents(moderator)))
  return {
    CHAT_SERVICE: net.chat.url,
    MODERATOR_TOKENS: JSON.stringify(Object.fromEntries(tokens)),
    MOD_EVENTS: events,
  }
}

describe('the published Python package', () => {
  test('lists, resolves, opens and sends, and bob reads exactly that', async () => {
    const program = inThisFolder('direct_messages.py')
    const run = (text: string) => runPython(program, asAlice({ CHAT_TO: 'bob.test', MESSAGE: text }))

    const first = await run('Guten Tag, bob 👋')
    assert.deepEqual([first.code, first.stderr], [0, ''])
    const convoId = assertPrintout(first.stdout, { listed: [], members: pair })
    assert.deepEqual(await textsOf(bob, convoId), ['Guten Tag, bob 👋'])

    const second = await run('And again')
    assert.deepEqual([second.code, second.stderr], [0, ''])
    assert.equal(assertPrintout(second.stdout, { listed: [pair], members: pair }), convoId)
    assert.deepEqual(await textsOf(bob, convoId), ['Guten Tag, bob 👋', 'And again'])
    assert.deepEqual(handleHost.asked, ['bob.test', 'bob.test'], 'the handle was resolved over HTTPS')
  })

  test('runs the founding program as it is', { skip: whyNoFoundingProgram() }, async () => {
    const { handle, appPassword } = net.account('alice.test')
    const source = await readFile(foundingProgram, 'utf8')
    const cast = { service: net.pds.url, username: handle, password: appPassword, recipient: 'bob.test' }
    const program = join(folder, 'founding_program.py')
    await writeFile(program, withCast(source, cast))
    const convoId = await openConvo(alice, bob)
    await send(alice, convoId, 'A conversation to be listed')
    const before = await textsOf(bob, convoId)

    const ran = await runPython(program)
    assert.deepEqual([ran.code, ran.stderr], [0, ''])
    assert.equal(assertPrintout(ran.stdout, { listed: [pair], members: pair }), convoId)
    assert.deepEqual(await textsOf(bob, convoId), [...before, 'Hello from Python SDK!'])
  })

  test('reads everything with its strict models after a lively history', async () => {
    await playLivelyScene(net)
    await exceedRate(await logIn(net, 'carla.test'))
    const read = await runPython(inThisFolder('read_everything.py'), {
      ...asAlice({ OTHER: bob.did }),
      ...(await asModerator()),
    })
    assert.deepEqual([read.code, read.stderr], [0, ''])
    const { seen, unseen, exported } = JSON.parse(read.stdout) as EverythingRead
    assert.deepEqual(unseen, neverRead)
    for (const model of ['View', 'ViewNotFound', 'ViewRecord']) {
      assert.ok(seen[`app.bsky.embed.record.${model}`], `no ${model} came by`)
    }
    assert.ok(exported > 10)
  })

  test('was answered as the official lexicons say', () => assertOfficial(answers))
})

function whyNoFoundingProgram(): string | false {
  return existsSync(foundingProgram)
    ? false
    : 'set FOUNDING_PROGRAM to the path of the founding program to run it'
}
