import { type Chance, randomFrom } from './chance.ts'
import type { Deed, Story } from './deed.ts'

export interface Plot {
  seed: number
  steps: number
  /** How many accounts there are. */
  cast: number
  /** Nothing happens beside the logs, so that clients can follow them for long. */
  calm: boolean
}

/**
 * A random story, the same for the same plot. The writer does not know what will be refused: it only remembers what
 * it has begun, so that most deeds are aimed at something that may be there.
 */
export function writeStory({ seed, steps, cast, calm }: Plot): Story {
  const notes = new Notes(randomFrom(seed), cast)
  // Something to act on from the beginning.
  const deeds: Deed[] = [openings.createGroup!(notes), createLink(notes), openings.getConvoForMembers!(notes)]
  const acts = weighted(calm ? calmActs : [...calmActs, ...wildActs])
  while (deeds.length < steps) {
    const deed = notes.chance(acts)(notes)
    const ms = notes.chance([1, 1, 1, 1, 1, 0, 50, -20])
    deeds.push({ ...deed, ...(ms !== 1 && { ms }) })
  }
  return deeds
}

/** A story is about few things, so that much happens to each. */
const groupsMax = 4

type Write = (notes: Notes) => Deed

interface Noted {
  name: string
  /** Who would be refused least. */
  owner: number
}

/** What the writer remembers. */
class Notes {
  readonly chance: Chance
  readonly #cast: number
  readonly #groups: Noted[] = []
  readonly #convos: Noted[] = []
  readonly #messages: { name: string; convo: string }[] = []
  readonly #links: { name: string; convo: string }[] = []
  /** Deeds that others take back or answer, the newest last. */
  readonly reactions: Deed[] = []
  readonly muted: Deed[] = []
  readonly asked: { actor: number; convo: string }[] = []
  readonly vanished: number[] = []
  readonly disabled: number[] = []
  #made = 0

  constructor(chance: Chance, cast: number) {
    this.chance = chance
    this.#cast = cast
  }

  name(kind: 'c' | 'l' | 'm'): string {
    this.#made += 1
    return `${kind}${this.#made}`
  }

  actor(): number {
    return this.chance([...Array(this.#cast).keys()])
  }

  other(actor: number): string {
    return `@${this.chance([...Array(this.#cast).keys()].filter(one => one !== actor))}`
  }

  others(actor: number): string[] {
    return [...Array(this.#cast).keys()]
      .filter(one => one !== actor && this.chance([true, false]))
      .map(one => `@${one}`)
  }

  hasEnoughGroups(): boolean {
    return this.#groups.length >= groupsMax
  }

  /** Recent groups only. */
  group(): { convoId: string; owner: number } {
    const { name, owner } = this.chance(this.#groups.slice(-3))
    return { convoId: `$${name}`, owner: this.chance([owner, owner, owner, owner, owner, this.actor()]) }
  }

  convo(): string {
    return `$${this.chance(this.#convos.slice(-6)).name}`
  }

  message(): { convoId: string; messageId: string } {
    const { name, convo } = this.chance(this.#messages.slice(-8))
    return { convoId: convo, messageId: `$${name}` }
  }

  hasMessages(): boolean {
    return this.#messages.length > 0
  }

  link(): { code: string; convo: string } {
    const { name, convo } = this.chance(this.#links.slice(-3))
    return { code: `$${name}`, convo }
  }

  ownerOf(convoId: string): number {
    return this.#groups.find(({ name }) => `$${name}` === convoId)!.owner
  }

  noteConvo(noted: Noted, kind: 'direct' | 'group'): void {
    this.#convos.push(noted)
    if (kind === 'group') this.#groups.push(noted)
  }

  noteMessage(name: string, convo: string): void {
    this.#messages.push({ name, convo })
  }

  noteLink(name: string, convo: string): void {
    this.#links.push({ name, convo })
  }
}

const openings: Record<string, Write> = {
  createGroup(notes) {
    if (notes.hasEnoughGroups()) return send(notes)
    const [actor, as] = [notes.actor(), notes.name('c')]
    notes.noteConvo({ name: as, owner: actor }, 'group')
    return { actor, act: 'createGroup', given: { name: `group ${as}`, members: notes.others(actor) }, as }
  },
  getConvoForMembers(notes) {
    const [actor, as] = [notes.actor(), notes.name('c')]
    notes.noteConvo({ name: as, owner: actor }, 'direct')
    return { actor, act: 'getConvoForMembers', given: { members: [notes.other(actor)] }, as }
  },
}

function send(notes: Notes): Deed {
  const [actor, as, convoId] = [notes.actor(), notes.name('m'), notes.convo()]
  const replies = notes.hasMessages() && notes.chance([true, false, false])
  const target = replies ? notes.message() : undefined
  const embed = { $type: 'chat.bsky.embed.joinLink', code: notes.link().code }
  const to = target?.convoId ?? convoId
  notes.noteMessage(as, to)
  const message = {
    text: `said ${as}`,
    ...(target && { replyTo: { messageId: target.messageId } }),
    ...(notes.chance([true, ...Array(9).fill(false)]) && { embed }),
  }
  const key = notes.chance([true, false, false]) && { idempotencyKey: `key ${notes.chance([1, 2, 3, as])}` }
  return { actor, act: 'sendMessage', given: { convoId: to, message, ...key }, as }
}

function sendBatch(notes: Notes): Deed {
  const names = [notes.name('m'), notes.name('m')] as const
  const items = names.map(name => {
    const convoId = notes.convo()
    notes.noteMessage(name, convoId)
    return { convoId, message: { text: `said ${name}` } }
  })
  return { actor: notes.actor(), act: 'sendMessageBatch', given: { items }, as: names[0] }
}

function addReaction(notes: Notes): Deed {
  if (!notes.hasMessages()) return send(notes)
  const given = { ...notes.message(), value: notes.chance(['👍', '❤️', '🎉']) }
  const deed = { actor: notes.actor(), act: 'addReaction', given }
  notes.reactions.push(deed)
  return deed
}

function removeReaction(notes: Notes): Deed {
  if (notes.reactions.length === 0) return addReaction(notes)
  return { ...notes.chance(notes.reactions.slice(-8)), act: 'removeReaction' }
}

function deleteForSelf(notes: Notes): Deed {
  if (!notes.hasMessages()) return send(notes)
  return { actor: notes.actor(), act: 'deleteMessageForSelf', given: notes.message() }
}

function markRead(notes: Notes): Deed {
  const given =
    notes.hasMessages() && notes.chance([true, false]) ? notes.message() : { convoId: notes.convo() }
  return { actor: notes.actor(), act: 'updateRead', given }
}

/** What a member does with a convo. */
function withConvo(act: string): Write {
  return notes => ({ actor: notes.actor(), act, given: { convoId: notes.convo() } })
}

/** What an owner does with the group. */
function withGroup(act: string, given: (notes: Notes, owner: number) => object = () => ({})): Write {
  return notes => {
    const { convoId, owner } = notes.group()
    return { actor: owner, act, given: { convoId, ...given(notes, owner) } }
  }
}

function mute(notes: Notes): Deed {
  const deed = withConvo('muteConvo')(notes)
  notes.muted.push(deed)
  return deed
}

function unmute(notes: Notes): Deed {
  const deed = notes.muted.pop()
  return deed ? { ...deed, act: 'unmuteConvo' } : mute(notes)
}

function createLink(notes: Notes): Deed {
  const as = notes.name('l')
  const deed = withGroup('createJoinLink', settings)(notes)
  notes.noteLink(as, deed.given!.convoId as string)
  return { ...deed, as }
}

function requestJoin(notes: Notes): Deed {
  const { code, convo } = notes.link()
  const actor = notes.actor()
  notes.asked.push({ actor, convo })
  return { actor, act: 'requestJoin', given: { code } }
}

function answerRequest(act: 'approveJoinRequest' | 'rejectJoinRequest'): Write {
  return notes => {
    if (notes.asked.length === 0) return requestJoin(notes)
    const { actor, convo } = notes.chance(notes.asked.slice(-2))
    return { actor: notes.ownerOf(convo), act, given: { convoId: convo, member: `@${actor}` } }
  }
}

function markRequestsRead(notes: Notes): Deed {
  if (notes.asked.length === 0) return requestJoin(notes)
  const { convo } = notes.asked.at(-1)!
  return { actor: notes.ownerOf(convo), act: 'updateJoinRequestsRead', given: { convoId: convo } }
}

function withdraw(notes: Notes): Deed {
  if (notes.asked.length === 0) return requestJoin(notes)
  const { actor, convo } = notes.chance(notes.asked.slice(-2))
  return { actor, act: 'withdrawJoinRequest', given: { convoId: convo } }
}

function vanish(notes: Notes): Deed {
  const actor = notes.actor()
  notes.vanished.push(actor)
  return { actor, act: 'vanish' }
}

function disable(notes: Notes): Deed {
  const actor = notes.actor()
  notes.disabled.push(actor)
  return { actor, act: 'disable' }
}

/** Nobody is away for long. */
function comeBack(notes: Notes): Deed {
  const vanished = notes.vanished.pop()
  if (vanished !== undefined) return { actor: vanished, act: 'return' }
  const disabled = notes.disabled.pop()
  return disabled === undefined ? send(notes) : { actor: disabled, act: 'enable' }
}

function settings(notes: Notes): object {
  return {
    joinRule: notes.chance(['anyone', 'anyone', 'followedByOwner']),
    requireApproval: notes.chance([true, true, false]),
  }
}

const oneOrTwo = (notes: Notes, owner: number) => ({
  members: notes.chance([true, false]) ? [notes.other(owner)] : [notes.other(owner), notes.other(owner)],
})
const preference = (notes: Notes) => ({
  include: notes.chance(['all', 'follows']),
  push: notes.chance([true, false]),
})

/** All that the logs tell of, and questions. */
const calmActs: [times: number, write: Write][] = [
  [2, openings.createGroup!],
  [3, openings.getConvoForMembers!],
  [16, send],
  [2, sendBatch],
  [8, addReaction],
  [5, removeReaction],
  [4, deleteForSelf],
  [5, markRead],
  [
    1,
    notes => ({
      actor: notes.actor(),
      act: 'updateAllRead',
      given: notes.chance([{}, { status: 'accepted' }]),
    }),
  ],
  [3, withConvo('acceptConvo')],
  [3, withConvo('leaveConvo')],
  [1, withGroup('leaveConvo')],
  [2, mute],
  [2, unmute],
  [2, withGroup('lockConvo')],
  [5, withGroup('unlockConvo')],
  [2, withGroup('editGroup', notes => ({ name: `group ${notes.name('c')}` }))],
  [6, withGroup('addMembers', oneOrTwo)],
  [3, withGroup('removeMembers', oneOrTwo)],
  [3, createLink],
  [3, withGroup('editJoinLink', settings)],
  [2, withGroup('disableJoinLink')],
  [3, withGroup('enableJoinLink')],
  [9, requestJoin],
  [4, answerRequest('approveJoinRequest')],
  [3, answerRequest('rejectJoinRequest')],
  [5, withdraw],
  [5, markRequestsRead],
  [1, notes => ({ actor: notes.actor(), act: 'putPreferences', given: { chat: preference(notes) } })],
  [1, notes => ({ actor: notes.actor(), act: 'putPreferences', given: { chatRequest: preference(notes) } })],
  [1, notes => ({ actor: notes.actor(), act: 'getJoinLinkPreviews', given: { codes: [notes.link().code] } })],
  [1, notes => between(notes, 'listMutualGroups', other => ({ subject: other }))],
  [1, notes => between(notes, 'getConvoAvailability', other => ({ members: [other] }))],
]

/** What no log tells of. */
const wildActs: [times: number, write: Write][] = [
  [2, notes => between(notes, 'block')],
  [3, notes => between(notes, 'unblock')],
  [2, notes => between(notes, 'follow')],
  [1, notes => between(notes, 'unfollow')],
  [2, vanish],
  [2, disable],
  [16, comeBack],
  [1, notes => ({ actor: notes.actor(), act: 'declare', given: declaration(notes) })],
  [1, notes => ({ actor: notes.actor(), act: 'deleteAccount' })],
]

function between(notes: Notes, act: string, given = (other: string): object => ({ to: other })): Deed {
  const actor = notes.actor()
  return { actor, act, given: { ...given(notes.other(actor)) } }
}

function declaration(notes: Notes): Record<string, unknown> {
  return {
    allowIncoming: notes.chance(['all', 'all', 'following', 'none']),
    allowGroupInvites: notes.chance(['all', 'all', 'following', 'none']),
  }
}

function weighted(acts: readonly [number, Write][]): Write[] {
  return acts.flatMap(([times, write]) => Array<Write>(times).fill(write))
}
