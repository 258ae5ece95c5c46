import type { Did } from '@atcute/lexicons/syntax'
import { type Agent, AtpAgent } from '@atproto/api'
import { Devnet } from '@parley/devnet'
import { freePort } from '@parley/testing/free-port.ts'
import { startPostgres } from '@parley/testing/postgres.ts'
import { createLabeler, type Labeler } from './labeler.ts'
import { type Ozone, startOzone } from './ozone.ts'

/** An account that is logged in at the PDS, which passes its calls on. */
export interface Member {
  did: Did
  pds: Agent
  /** To the chat service. */
  chat: Agent
  /** To Ozone. */
  ozone: Agent
}

/** One of the texts is nasty, and Bob has said so to Ozone. */
export interface Reported {
  convoId: string
  /** What Alice wrote to Bob, oldest first, and the ids of it. */
  texts: readonly string[]
  messageIds: readonly string[]
  /** The nasty one, as Bob named it. */
  messageRef: { $type: string; did: Did; convoId: string; messageId: string }
}

/** A network with an Ozone whose DID the chat service has in its configuration. */
export interface Stage extends AsyncDisposable, Reported {
  net: Devnet
  labeler: Labeler
  ozone: Ozone
  alice: Member
  bob: Member
  carla: Member
  /** An account on Ozone's team. */
  moderator: Member
}

export async function setStage(): Promise<Stage> {
  await using things = new AsyncDisposableStack()
  const labeler = await createLabeler(`http://localhost:${await freePort()}`)
  const net = things.use(await Devnet.create({ chat: { moderators: [labeler.did] } }))
  await labeler.register(net.plc.url)
  const postgres = things.use(await startPostgres())
  const moderator = await join(net, labeler, 'moderator.test')
  const moderators = [moderator.did]
  const ozone = things.use(await startOzone({ net, labeler, postgresUrl: postgres.url, moderators }))
  const [alice, bob, carla] = await Promise.all([
    logIn(net, labeler, 'alice.test'),
    logIn(net, labeler, 'bob.test'),
    logIn(net, labeler, 'carla.test'),
  ])
  const members = { alice, bob, carla, moderator }
  const reported = await report(alice, bob)
  const all = things.move()
  return { net, labeler, ozone, ...members, ...reported, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

async function report(alice: Member, bob: Member): Promise<Reported> {
  const texts = ['one', 'two', 'three', 'four', 'five', 'six', 'you are a toad', 'eight']
  const { data } = await alice.chat.chat.bsky.convo.getConvoForMembers({ members: [bob.did] })
  const convoId = data.convo.id
  const messageIds: string[] = []
  for (const text of texts) messageIds.push(await write(alice, convoId, text))
  const messageId = messageIds[6]!
  const messageRef = { $type: 'chat.bsky.convo.defs#messageRef', did: alice.did, convoId, messageId }
  await bob.ozone.com.atproto.moderation.createReport({
    reasonType: 'com.atproto.moderation.defs#reasonRude',
    reason: 'I am not',
    subject: messageRef,
  })
  return { convoId, texts, messageIds, messageRef }
}

/** Returns the message's id. */
export async function write({ chat }: Member, convoId: string, text: string): Promise<string> {
  const { data } = await chat.chat.bsky.convo.sendMessage({ convoId, message: { text } })
  return data.id
}

async function logIn(net: Devnet, labeler: Labeler, handle: string): Promise<Member> {
  const pds = new AtpAgent({ service: net.pds.url })
  await pds.login({ identifier: handle, password: net.account(handle).password })
  return memberOf(pds, labeler)
}

/** A new account, with all the settings as they are at first. */
async function join(net: Devnet, labeler: Labeler, handle: string): Promise<Member> {
  const pds = new AtpAgent({ service: net.pds.url })
  const email = `${handle.replace('.', '@')}.example.com`
  await pds.createAccount({ handle, email, password: `${handle}-password` })
  return memberOf(pds, labeler)
}

function memberOf(pds: AtpAgent, labeler: Labeler): Member {
  return {
    did: pds.assertDid as Did,
    pds: pds as Agent,
    chat: pds.withProxy('bsky_chat', 'did:web:api.bsky.chat') as Agent,
    ozone: pds.withProxy('atproto_labeler', labeler.did) as Agent,
  }
}
