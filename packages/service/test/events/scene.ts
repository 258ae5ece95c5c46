import assert from 'node:assert/strict'
import type { ChatBskyConvoDefs } from '@atproto/api'
import { getConvo } from '../../src/endpoints/chat/bsky/convo/getConvo.ts'
import { getMessages } from '../../src/endpoints/chat/bsky/convo/getMessages.ts'
import { AppError } from '../../src/errors.ts'
import { type Actor, newLog, type Stage } from '../stage.ts'
import type { Audience, Row } from './table.ts'

/** One row's action, ready to happen, with those whom it concerns by their names in the table. */
export interface Scene {
  actor: Actor
  others: readonly Actor[]
  /** Where somebody else than the owner acts in a group. */
  owner?: Actor
  subject?: Actor
  /** Absent where the action begins the convo. */
  convoId?: string
  act(): Promise<unknown>
}

/** What came of it, in the words of the table: the logs of all who are on stage, by DID. */
export interface Outcome {
  logs: Record<string, string[]>
  stored: string[]
  raised: string[]
  moderators: string[]
}

/** Lets the action happen and looks at everybody, `alsoThere` included, before and after. */
export async function play(set: Stage, scene: Scene, alsoThere: readonly Actor[]): Promise<Outcome> {
  const everybody = [...concerned(scene).map(([, actor]) => actor), ...alsoThere]
  const logs = new Map<Actor, Awaited<ReturnType<typeof newLog>>>()
  for (const actor of everybody) logs.set(actor, await newLog(actor))
  const before = await look(scene, everybody)
  const head = await set.ctx.store.forModerators.eventHead()
  await scene.act()
  const now = await look(scene, everybody)
  const events = await set.ctx.store.forModerators.events({ after: head, limit: 100 })
  const heard: Outcome['logs'] = {}
  for (const [actor, log] of logs) heard[actor.did] = (await log()).map(event => nameOf(event as EventView))
  const raised = everybody.filter(({ did }) => isHigher(now.revs.get(did), before.revs.get(did)))
  return {
    logs: heard,
    stored: now.stored.slice(before.stored.length),
    raised: raised.map(({ did }) => did).sort(),
    moderators: events.map(({ event }) => eventName(event as unknown as EventOfAnyKind)),
  }
}

interface EventView {
  $type: string
  rev: string
  message?: { rev: string }
}

/** Rows that say what has just become of a message carry its rev (behaviour.md 4, 3.2 b). */
function nameOf({ $type, rev, message }: EventView): string {
  const name = $type.split('#log')[1]!
  const isOlder = ['DeleteMessage', 'ReadMessage', 'ReadConvo'].includes(name)
  if (message && !isOlder) assert.equal(message.rev, rev, `the rev of ${name}`)
  return name
}

/** What should come of it, by the table. */
export function expected(row: Row, scene: Scene, alsoThere: readonly Actor[]): Outcome {
  const told: Record<Audience, readonly string[]> = {
    actor: row.actor,
    others: row.others,
    owner: row.owner ?? row.others,
    subject: row.subject ?? row.others,
  }
  const logs: Outcome['logs'] = Object.fromEntries(alsoThere.map(({ did }) => [did, []]))
  for (const [audience, { did }] of concerned(scene)) logs[did] = [...told[audience]]
  const raised = concerned(scene).filter(([audience]) => row.raises?.includes(audience))
  return {
    logs,
    stored: [...(row.stored ?? [])],
    raised: raised.map(([, { did }]) => did).sort(),
    moderators: [...(row.moderators ?? [])],
  }
}

function concerned({ actor, others, owner, subject }: Scene): [Audience, Actor][] {
  return [
    ['actor', actor],
    ...others.map((other): [Audience, Actor] => ['others', other]),
    ...(owner ? [['owner', owner] satisfies [Audience, Actor]] : []),
    ...(subject ? [['subject', subject] satisfies [Audience, Actor]] : []),
  ]
}

interface Look {
  /** Of the convo as each of them sees it. */
  revs: Map<string, string>
  /** System messages as a member sees them who is there all the time, oldest first. */
  stored: string[]
}

async function look({ convoId, others: [witness] }: Scene, everybody: readonly Actor[]): Promise<Look> {
  const revs = new Map<string, string>()
  if (convoId === undefined) return { revs, stored: [] }
  for (const actor of everybody) {
    const rev = await revFor(actor, convoId)
    if (rev !== undefined) revs.set(actor.did, rev)
  }
  if (!witness || !revs.has(witness.did)) return { revs, stored: [] }
  const { messages } = await witness.call(getMessages, { convoId, limit: 100 })
  const stored = messages.flatMap(message => {
    const { data } = message as ChatBskyConvoDefs.SystemMessageView
    return data?.$type?.split('#systemMessageData')[1] ?? []
  })
  return { revs, stored: stored.reverse() }
}

async function revFor(actor: Actor, convoId: string): Promise<string | undefined> {
  try {
    return (await actor.call(getConvo, { convoId })).convo.rev
  } catch (error) {
    if (error instanceof AppError && error.name === 'InvalidConvo') return undefined
    throw error
  }
}

function isHigher(now: string | undefined, before: string | undefined): boolean {
  return now !== undefined && before !== undefined && now > before
}

interface EventOfAnyKind {
  $type: string
  updateType?: string
  leaveMethod?: string
  method?: string
}

function eventName({ $type, updateType, leaveMethod, method }: EventOfAnyKind): string {
  const how = updateType ?? leaveMethod ?? method
  const name = $type.split('#event')[1]!
  return how === undefined ? name : `${name}: ${how}`
}
