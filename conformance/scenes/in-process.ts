import type { Did } from '@atcute/lexicons/syntax'
import { ValidationError } from '@atcute/lexicons/validations'
import type { Clock } from '../../packages/service/src/clock.ts'
import { exportAccountData } from '../../packages/service/src/endpoints/chat/bsky/actor/exportAccountData.ts'
import { endpoints } from '../../packages/service/src/endpoints/index.ts'
import { AppError } from '../../packages/service/src/errors.ts'
import type { Store } from '../../packages/service/src/store/store.ts'
import type { Endpoint } from '../../packages/service/src/xrpc/endpoint.ts'
import { Stage, type Actor as StageActor } from '../../packages/service/test/stage.ts'
import { createActor } from './actor.ts'
import { castOf } from './cast.ts'
import { type Call, methodsBy } from './methods.ts'
import { Refusal } from './refusal.ts'
import type { Account, Actor, Declaration, Scene } from './script.ts'
import type { NameOf } from './tell.ts'

/** Plays a scene on our service without a network, on a stage of its own over this store. */
export async function playInProcess(scene: Scene, open: (clock: Clock) => Store): Promise<void> {
  const stage = new Stage(open)
  const accounts = new Map<string, StageActor>()
  const enter = (name: string, nameOf: NameOf): Actor => {
    const { actor, account } = arrive(stage, name, accounts.size)
    accounts.set(actor.did, actor)
    const call = callBy((endpoint, given) => actor.call(endpoint, given as never))
    const readExport = () => exportOf(stage, actor)
    return createActor({ name, account, call, readExport, nameOf, cursor: '2222222222222' })
  }
  const loggedOut = async (endpoint: Endpoint, params: unknown) => {
    if (endpoint.callers !== 'everybody') throw new Refusal('AuthMissing', 'Authentication Required')
    return endpoint.handle(stage.ctx, { params, input: undefined, caller: undefined } as never)
  }
  const cast = castOf({
    enter,
    crowd: async (names, nameOf) => names.map(name => enter(name, nameOf)),
    visitor: methodsBy(callBy(loggedOut)),
    moderator: {
      updateActorAccess: ({ actor, allowAccess }) => stage.setDisabled(accounts.get(actor)!, !allowAccess),
    },
  })
  try {
    await scene.play(cast)
  } finally {
    await stage.ctx.store.close()
  }
}

async function exportOf(stage: Stage, { did }: StageActor): Promise<string> {
  const call = { params: {}, input: undefined, caller: { did } }
  const lines = await exportAccountData.handle(stage.ctx, call)
  return (await Array.fromAsync(lines)).join('')
}

/** An account on the stage's network, which knows of everything at once. */
function arrive(stage: Stage, name: string, place: number): { actor: StageActor; account: Account } {
  const letters = name.replaceAll(/[^a-z]/g, '')
  const handle = `${letters}${place}`
  const actor = stage.actor(handle)
  const { did } = actor
  let declared: Declaration = { allowIncoming: 'all' }
  const show = () => {
    const facts = { handle: `${handle}.test`, displayName: name, ...declared }
    stage.people.add(did, facts)
  }
  return {
    actor,
    account: {
      did,
      follow: async other => stage.people.follow(did, other.did as Did),
      block: async other => stage.people.block(did, other.did as Did),
      unblock: async other => stage.people.unblock(did, other.did as Did),
      declare: async declaration => {
        declared = declaration
        show()
      },
      deactivate: async () => stage.people.remove(did),
      activate: async () => show(),
    },
  }
}

const endpointsByNsid = new Map<string, Endpoint>(endpoints.map(endpoint => [endpoint.schema.nsid, endpoint]))

function callBy(answer: (endpoint: Endpoint, given: unknown) => Promise<unknown>): Call {
  return async ({ nsid }, given) => {
    const endpoint = endpointsByNsid.get(nsid)
    if (!endpoint) throw new Refusal('MethodNotImplemented', `the service does not answer ${nsid}`)
    try {
      return await answer(endpoint, given)
    } catch (error) {
      if (error instanceof AppError) throw new Refusal(error.name, error.message)
      // What the edge says to input that the lexicon does not allow.
      if (error instanceof ValidationError) throw new Refusal('InvalidRequest', error.message)
      throw error
    }
  }
}
