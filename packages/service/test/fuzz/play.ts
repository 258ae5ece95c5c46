import { call } from './call.ts'
import type { Name } from './cast.ts'
import type { FuzzRequest } from './request.ts'
import { canary } from './texts.ts'
import type { World } from './world.ts'

/** As much of an answer as the next step needs. */
interface Played {
  id?: string
  convo?: { id: string }
  joinLink?: { code: string }
}

/** A step of what has happened before the fuzzing begins. @throws where it is refused */
export async function play(world: World, caller: Name, method: string, given: object): Promise<Played> {
  const nsid = `chat.bsky.${method}`
  const isQuery = method === 'convo.getConvoForMembers'
  const request: FuzzRequest = {
    nsid,
    caller,
    credentials: 'good',
    verb: isQuery ? 'GET' : 'POST',
    query: isQuery ? new URLSearchParams(given as Record<string, string>).toString() : '',
    contentType: 'application/json',
    body: Buffer.from(isQuery ? '' : JSON.stringify(given)),
  }
  const { answer, text } = await call(world, request)
  if (answer?.status !== 200) throw new Error(`${caller} could not play ${method}: ${text}`)
  return JSON.parse(text === '' ? '{}' : text) as Played
}

export async function openConvo(world: World, caller: Name, other: Name): Promise<string> {
  const { convo } = await play(world, caller, 'convo.getConvoForMembers', {
    members: [world.actors[other].did],
  })
  return convo!.id
}

export function say(world: World, caller: Name, convoId: string, text: string, more: object = {}) {
  const message = { text: `${text} ${canary}`, ...more }
  return play(world, caller, 'convo.sendMessage', { convoId, message })
}

export async function beginGroup(
  world: World,
  owner: Name,
  { name, members }: { name: string; members: readonly string[] },
): Promise<string> {
  const { convo } = await play(world, owner, 'group.createGroup', { name: `${name} ${canary}`, members })
  return convo!.id
}

export async function makeLink(
  world: World,
  owner: Name,
  convoId: string,
  requireApproval = false,
): Promise<string> {
  const settings = { convoId, joinRule: 'anyone', requireApproval }
  const { joinLink } = await play(world, owner, 'group.createJoinLink', settings)
  return joinLink!.code
}
