import type { Did } from '@atcute/lexicons/syntax'
import { type Agent, AtpAgent } from '@atproto/api'
import { Devnet } from '@parley/devnet'
import { freePort } from '../free-port.ts'
import { createLabeler, type Labeler } from './labeler.ts'
import { type Ozone, startOzone } from './ozone.ts'
import { startPostgres } from './postgres.ts'

/** An account that is logged in at the PDS, which passes its calls on. */
export interface Member {
  did: Did
  pds: Agent
  /** To the chat service. */
  chat: Agent
  /** To Ozone. */
  ozone: Agent
}

/** A network with an Ozone whose DID the chat service has in its configuration. */
export interface Stage extends AsyncDisposable {
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
  const all = things.move()
  const end = () => all.disposeAsync()
  return { net, labeler, ozone, alice, bob, carla, moderator, [Symbol.asyncDispose]: end }
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
