import type { AnyMessage, ChatEvent, Conversation, JoinRequest, Member } from '@parley/sdk'

/** What `--json` prints. These fields stay what they are; docs/cli.md lists them, and new ones may come. */

export function memberView(member: Member) {
  const { did, handle, displayName, isMe, role } = member
  return { did, handle, displayName, me: isMe, ...(role && { role }) }
}

export function convoView(convo: Conversation) {
  const { id, kind, status, title, unreadCount, muted, members, group, lastMessage } = convo
  return {
    id,
    kind,
    status,
    title,
    unread: unreadCount,
    muted,
    members: members.map(memberView),
    ...(group && {
      group: {
        name: group.name,
        memberCount: group.memberCount,
        memberLimit: group.memberLimit,
        lock: group.lockStatus,
        joinCode: group.joinLink?.code,
      },
    }),
    ...(lastMessage && { lastMessage: messageView(lastMessage) }),
  }
}

export function messageView(message: AnyMessage) {
  const { type, id, convoId } = message
  const name = id === undefined ? undefined : nameOf({ id, convoId })
  if (message.type === 'unknown') return { type, name, id, convoId }
  const sentAt = message.sentAt.toISOString()
  if (message.type === 'system') {
    const { event, summary } = message
    return { type, name, id, convoId, sentAt, event, summary }
  }
  const sender = memberView(message.sender)
  if (message.type === 'deleted') return { type, name, id, convoId, sentAt, sender }
  const { text, replyTo, reactions, embed } = message
  const answered = replyTo && 'id' in replyTo ? replyTo.id : undefined
  return {
    type,
    name,
    id,
    convoId,
    sentAt,
    sender,
    text,
    replyTo: answered === undefined ? undefined : nameOf({ id: answered, convoId }),
    reactions: reactions.map(({ value, sender: by }) => ({ value, by: memberView(by) })),
    embed,
  }
}

export function eventView(event: ChatEvent) {
  const { type, rev, convoId } = event
  return {
    type,
    rev,
    convoId,
    ...('own' in event && { own: event.own }),
    ...('change' in event && { change: event.change }),
    ...('message' in event && { message: messageView(event.message) }),
    ...('messageId' in event && {
      message: { name: nameOf({ id: event.messageId, convoId }), id: event.messageId },
    }),
    ...('value' in event && { value: event.value, by: memberView(event.by) }),
    ...('from' in event && event.from && { from: memberView(event.from) }),
  }
}

export function joinRequestView({ from, requestedAt }: JoinRequest) {
  return { from: memberView(from), requestedAt: requestedAt.toISOString() }
}

/** What a message is called on the command line: `convo/message`. */
export function nameOf({ id, convoId }: { id: string; convoId: string }): string {
  return `${convoId}/${id}`
}
