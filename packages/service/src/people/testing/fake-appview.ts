import type { Did } from '@atcute/lexicons/syntax'
import type { Facts } from './facts.ts'
import { type Answer, type JsonServer, startJsonServer } from './http-server.ts'

export interface FakeAppView extends JsonServer {
  /** The NSIDs that were asked for. */
  asked: string[]
  /** While set, every query gets it as its status. */
  failure: number | undefined
}

/** An AppView that shows records unchecked, as one with a bug might. */
export async function startFakeAppView(facts: Facts): Promise<FakeAppView> {
  const asked: string[] = []
  const server = await startJsonServer((nsid, params) => {
    asked.push(nsid)
    if (appView.failure !== undefined)
      return { status: appView.failure, body: { error: 'InternalServerError' } }
    if (nsid === 'app.bsky.actor.getProfiles') return profiles(facts, params.getAll('actors') as Did[])
    if (nsid === 'app.bsky.graph.getRelationships') {
      return relationships(facts, params.get('actor') as Did, params.getAll('others') as Did[])
    }
    return { status: 501, body: { error: 'MethodNotImplemented' } }
  })
  const appView: FakeAppView = { ...server, asked, failure: undefined }
  return appView
}

function profiles(facts: Facts, actors: Did[]): Answer {
  if (actors.length > 25) return { status: 400, body: { error: 'InvalidRequest' } }
  const active = actors.map(did => facts.accounts.get(did)).filter(account => account?.active)
  return { body: { profiles: active.map(account => profile(facts, account!.did)) } }
}

function profile(facts: Facts, did: Did): object {
  const { handle, records } = facts.accounts.get(did)!
  const { displayName, createdAt } = Object(records.get('app.bsky.actor.profile/self'))
  const declaration = records.get('chat.bsky.actor.declaration/self')
  const { allowIncoming, allowGroupInvites } = Object(declaration)
  return {
    did,
    handle,
    displayName,
    createdAt,
    associated: { lists: 0, ...(declaration ? { chat: { allowIncoming, allowGroupInvites } } : {}) },
    viewer: { muted: false },
    labels: [],
  }
}

function relationships(facts: Facts, actor: Did, others: Did[]): Answer {
  if (others.length > 30) return { status: 400, body: { error: 'InvalidRequest' } }
  if (!facts.accounts.has(actor)) return { status: 400, body: { error: 'ActorNotFound' } }
  const relate = (other: Did) =>
    facts.accounts.has(other)
      ? {
          $type: 'app.bsky.graph.defs#relationship',
          did: other,
          following: facts.about(actor, 'app.bsky.graph.follow', other),
          followedBy: facts.about(other, 'app.bsky.graph.follow', actor),
          blocking: facts.about(actor, 'app.bsky.graph.block', other),
          blockedBy: facts.about(other, 'app.bsky.graph.block', actor),
          blockingByList: facts.aboutByList(actor, other),
          blockedByList: facts.aboutByList(other, actor),
        }
      : { $type: 'app.bsky.graph.defs#notFoundActor', actor: other, notFound: true }
  return { body: { actor, relationships: others.map(relate) } }
}
