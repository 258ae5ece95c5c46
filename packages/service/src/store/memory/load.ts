import type { Loaded } from '../engine.ts'
import { idOf, type MessageId } from '../rows.ts'
import { type Pair, pairOf, type Scope } from '../scope.ts'
import { isAbout, isOf, type Tables } from './tables.ts'

/** The rows of a scope. */
export function loadScope(tables: Tables, scope: Required<Scope>): Loaded {
  const directs = tables.directs.filter(({ pair }) => scope.pairs.some(asked => samePair(asked, pair)))
  const unread = scope.unreadOf.flatMap(asked =>
    tables.members
      .filter(member => member.did === asked.did && member.unread > 0)
      .filter(member => !asked.status || member.status === asked.status)
      .sort((a, b) => b.rev - a.rev)
      .slice(0, asked.limit),
  )
  const convoIds = new Set([
    ...scope.convos,
    ...directs.map(({ convo }) => convo.id),
    ...unread.map(member => member.convoId),
  ])
  const sentKeys = tables.sentKeys.filter(sent =>
    scope.sentKeys.some(asked => asked.did === sent.did && asked.key === sent.key),
  )
  const messageIds: MessageId[] = [
    ...scope.messages,
    ...sentKeys,
    ...scope.erasures.flatMap(({ convoId, messageIds }) =>
      messageIds.map(messageId => ({ convoId, messageId })),
    ),
  ]
  const isAsked = (row: MessageId) => messageIds.some(isAbout(row))
  return {
    floor: Math.max(0, ...[...tables.log, ...tables.modEvents].map(({ rev }) => rev)),
    accounts: tables.accounts.filter(account => scope.accounts.includes(account.did)),
    convos: [...convoIds].flatMap(convoId => tables.convo(convoId) ?? []),
    members: tables.members.filter(member => convoIds.has(member.convoId)),
    directs: directs.map(({ pair, convo }) => ({ pair, convoId: convo.id })),
    messages: tables.messages.filter(message => isAsked(idOf(message))),
    reactions: tables.reactions.filter(isAsked),
    hidden: tables.hidden.filter(isAsked),
    sentKeys,
    unreadAfter: scope.unreadAfter.map(at => ({ ...at, count: tables.unreadAfter(at) })),
    joinRequests: tables.joinRequests.filter(
      request => scope.requestsTo.includes(request.convoId) || scope.candidates.some(isOf(request)),
    ),
    kicked: tables.kicked.filter(kick => scope.candidates.some(isOf(kick))),
  }
}

export function samePair(a: Pair, b: Pair): boolean {
  return pairOf(...a).join(' ') === pairOf(...b).join(' ')
}
