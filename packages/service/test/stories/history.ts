import type {
  DeletedMessageView,
  HeldConvo,
  HeldView,
  MessageView,
  ShownMessage,
  SystemMessageView,
} from './held.ts'

type Written = MessageView | DeletedMessageView

/** One that is deleted by now, which the row of its deletion will say again, never counts as unread. */
export function withNewMessage(held: HeldConvo, message: Written): HeldConvo {
  const { viewer, history } = held
  const view = { ...held.view, lastMessage: message } as HeldView
  if (isDeleted(message)) return { ...held, view }
  const unreadCount = view.unreadCount + (message.sender.did === viewer ? 0 : 1)
  return { ...held, view: { ...view, unreadCount }, history: [message, ...history] }
}

/** One of the system: never unread, and the last only as long as nobody has written (behaviour.md 7 (16)). */
export function withSystemMessage(held: HeldConvo, message: SystemMessageView): HeldConvo {
  const { history, view } = held
  if (history.some(({ id }) => id === message.id)) return held
  const shown = [...history, message].sort((a, b) => (a.id < b.id ? 1 : -1))
  const last = view.lastMessage as ShownMessage | DeletedMessageView | undefined
  const isLast = !last || (isSystem(last) && last.id < message.id)
  return { ...held, history: shown, view: isLast ? ({ ...view, lastMessage: message } as HeldView) : view }
}

/** A message that has changed, or was deleted, in all the places that show it. */
export function withMessageAsNow(held: HeldConvo, message: Written): HeldConvo {
  const { view } = held
  const history = held.history.flatMap(old => {
    if (old.id !== message.id) return [withReplyTo(old, message)]
    return isDeleted(message) ? [] : [message]
  })
  const wasUnread = byOthers(held)
    .slice(0, view.unreadCount)
    .some(({ id }) => id === message.id)
  const unreadCount = view.unreadCount - (wasUnread && isDeleted(message) ? 1 : 0)
  const last = view.lastMessage as Written
  const lastMessage = last.id === message.id ? message : withReplyTo(last, message)
  return { ...held, view: { ...view, unreadCount, lastMessage } as HeldView, history }
}

function withReplyTo<M extends Written | SystemMessageView>(reply: M, target: Written): M {
  if (isDeleted(reply) || isSystem(reply)) return reply
  const written: MessageView = reply
  if (!written.replyTo || !('id' in written.replyTo) || written.replyTo.id !== target.id) return reply
  const { replyTo: _, ...whole } = target as MessageView
  return { ...reply, replyTo: whole }
}

/** What `lastReaction` may be: the newest in sight, or one of several within its millisecond. */
export function newestReactions({ history }: HeldConvo): { message: MessageView; reaction: object }[] {
  const all = history.flatMap(message =>
    isSystem(message) ? [] : (message.reactions ?? []).map(reaction => ({ message, reaction })),
  )
  const newest = all
    .map(({ reaction }) => reaction.createdAt)
    .sort()
    .at(-1)
  return all.filter(({ reaction }) => reaction.createdAt === newest)
}

/** Newest first: as many as are unread stand at its beginning. */
export function byOthers({ viewer, history }: HeldConvo): MessageView[] {
  return history.filter(
    (message): message is MessageView => !isSystem(message) && message.sender.did !== viewer,
  )
}

export function isDeleted(message: object): message is DeletedMessageView {
  return (message as ShownMessage).$type === ('chat.bsky.convo.defs#deletedMessageView' as string)
}

export function isSystem(message: object): message is SystemMessageView {
  return (message as ShownMessage).$type === 'chat.bsky.convo.defs#systemMessageView'
}
