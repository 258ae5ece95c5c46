import { lexicons } from '@atproto/api'

/**
 * Events and messages in a line each, with the names of the actors:
 *
 *   logCreateMessage alice: hello
 *   logAddReaction bob 👍 to alice: hello
 *   logAddMember member: carla, role: standard, addedBy: alice
 *   logIncomingJoinRequest member: dave
 *   bob: hi (to alice: hello) [alice ❤️]
 *   AddMember member: carla, role: standard, addedBy: alice
 */

/** The name of an account; its DID where nobody in the scene has it. */
export type NameOf = (did: string) => string

/** A view of any type, as it stands on the wire. */
export type View = Record<string, unknown>

export function tellEvent(event: View, nameOf: NameOf): string {
  const { message, reaction, member } = event as Record<string, View | undefined>
  const what = [
    typeOf(event),
    reaction && `${nameOf(senderOf(reaction))} ${reaction.value} to`,
    member && `member: ${nameOf(member.did as string)}`,
    message && (message.data ? tellFields(message.data as View, nameOf) : tellMessage(message, nameOf)),
  ]
  return what.filter(Boolean).join(' ')
}

/** A message as it stands in a history, with its reactions. */
export function tellHistory(message: View, nameOf: NameOf): string {
  const reactions = (message.reactions ?? []) as View[]
  const told = reactions.map(reaction => `${nameOf(senderOf(reaction))} ${reaction.value}`)
  return `${tellMessage(message, nameOf)}${told.length > 0 ? ` [${told.join(', ')}]` : ''}`
}

export function tellMessage(message: View, nameOf: NameOf): string {
  const type = typeOf(message)
  if (type === 'systemMessageView') {
    const data = message.data as View
    const kind = typeOf(data).replace('systemMessageData', '')
    return [kind, tellFields(data, nameOf)].filter(Boolean).join(' ')
  }
  // Without a type where the lexicon has only one.
  if (type !== 'messageView' && type !== '') {
    return message.sender ? `${nameOf(senderOf(message))}: (${type})` : `(${type})`
  }
  const { text, embed, replyTo } = message as { text: string; embed?: View; replyTo?: View }
  const line = `${nameOf(senderOf(message))}: ${text}`
  return `${line}${embed ? ` (with ${embed.$type})` : ''}${replyTo ? ` (to ${tellMessage(replyTo, nameOf)})` : ''}`
}

/** Of a system message, in the lexicon's order: texts as they are, accounts by name. */
function tellFields(data: View, nameOf: NameOf): string {
  const { properties } = lexicons.getDefOrThrow(data.$type as string) as { properties: View }
  return Object.keys(properties)
    .filter(field => field in data)
    .map(field => {
      const value = data[field]
      return `${field}: ${typeof value === 'string' ? value : nameOf((value as View).did as string)}`
    })
    .join(', ')
}

function typeOf({ $type }: View): string {
  return typeof $type === 'string' ? ($type.split('#')[1] ?? $type) : ''
}

function senderOf({ sender }: View): string {
  return (sender as { did: string }).did
}
