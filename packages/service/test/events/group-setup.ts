import { acceptConvo } from '../../src/endpoints/chat/bsky/convo/acceptConvo.ts'
import { leaveConvo } from '../../src/endpoints/chat/bsky/convo/leaveConvo.ts'
import { muteConvo } from '../../src/endpoints/chat/bsky/convo/muteConvo.ts'
import { createGroup } from '../../src/endpoints/chat/bsky/group/createGroup.ts'
import { type Actor, type Stage, say } from '../stage.ts'
import type { Scene } from './scene.ts'

/** What Olga, the owner, the members and Sam, who is none yet, do in a group. */

export interface Group {
  convoId: string
  olga: Actor
  /** Has accepted. */
  mira: Actor
  /** Has not. */
  ivo: Actor
  /** Has accepted and muted it. */
  ned: Actor
  sam: Actor
}

/** A group as it is after a while: Gina has left it, and nobody has written yet. */
export async function newGroup(set: Stage): Promise<Group> {
  const [olga, mira, ivo] = [set.actor('olga'), set.actor('mira'), set.actor('ivo')]
  const [ned, gina, sam] = [set.actor('ned'), set.actor('gina'), set.actor('sam')]
  const members = [mira, ivo, ned, gina].map(({ did }) => did)
  const convoId = (await olga.call(createGroup, { name: 'Readers', members })).convo.id
  for (const member of [mira, ned, gina]) await member.call(acceptConvo, { convoId })
  await ned.call(muteConvo, { convoId })
  await gina.call(leaveConvo, { convoId })
  return { convoId, olga, mira, ivo, ned, sam }
}

export async function group(set: Stage): Promise<Group> {
  const made = await newGroup(set)
  await say(made.mira, { id: made.convoId }, 'hello, all of you')
  return made
}

export type Do = (group: Group) => Promise<unknown>

/** Olga does it. */
export function byOwner(act: Do, ...before: Do[]) {
  return async (set: Stage): Promise<Scene> => {
    const made = await group(set)
    for (const step of before) await step(made)
    const { olga: actor, mira, ned, ivo, convoId } = made
    return { actor, others: [mira, ned, ivo], convoId, act: () => act(made) }
  }
}

/** Olga does it to Sam. */
export function toSam(act: Do, ...before: Do[]) {
  return async (set: Stage): Promise<Scene> => {
    const subject = set.actor('sam')
    return { ...(await byOwner(act, ...before)(set)), subject }
  }
}

/** Sam does it. */
export function bySam(act: Do, ...before: Do[]) {
  return async (set: Stage): Promise<Scene> => {
    const scene = await byOwner(act, ...before)(set)
    return { ...scene, actor: set.actor('sam'), owner: scene.actor }
  }
}

/** Ivo does it. */
export function byIvo(act: Do) {
  return async (set: Stage): Promise<Scene> => {
    const made = await group(set)
    const { olga: owner, mira, ned, ivo: actor, convoId } = made
    return { actor, owner, others: [mira, ned], convoId, act: () => act(made) }
  }
}

/** Mira does it. */
export function byMira(act: Do, ...before: Do[]) {
  return async (set: Stage): Promise<Scene> => {
    const { actor: owner, others, ...scene } = await byOwner(act, ...before)(set)
    const [actor, ...rest] = others as [Actor, Actor, Actor]
    return { ...scene, actor, others: rest, owner }
  }
}
