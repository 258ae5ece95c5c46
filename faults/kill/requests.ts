import type { Request } from './client.ts'

/** The calls that clients make, as the history has them and as the service is asked. */

export function send(convo: string, key: string, text = key): Request {
  return {
    what: { op: 'send', convo, key, text },
    nsid: 'chat.bsky.convo.sendMessage',
    input: { convoId: convo, message: { text }, idempotencyKey: key },
  }
}

export function toggle(op: 'react' | 'unreact', convo: string, message: string, value: string): Request {
  return {
    what: { op, convo, message, value },
    nsid: `chat.bsky.convo.${op === 'react' ? 'addReaction' : 'removeReaction'}`,
    input: { convoId: convo, messageId: message, value },
  }
}

export function markRead(convo: string, message: string): Request {
  return {
    what: { op: 'read', convo, message },
    nsid: 'chat.bsky.convo.updateRead',
    input: { convoId: convo, messageId: message },
  }
}

export function accept(convo: string): Request {
  // Answers with a rev only, and nothing at all the second time.
  return { what: { op: 'accept', convo }, nsid: 'chat.bsky.convo.acceptConvo', input: { convoId: convo } }
}

export function open(other: string): Request {
  return {
    what: { op: 'open', key: other },
    nsid: 'chat.bsky.convo.getConvoForMembers',
    params: { members: other },
  }
}

export function create(name: string, members: string[]): Request {
  return { what: { op: 'create', key: name }, nsid: 'chat.bsky.group.createGroup', input: { name, members } }
}

export function poll(cursor: string | undefined): Request {
  return {
    what: { op: 'log', ...(cursor !== undefined && { cursor }) },
    nsid: 'chat.bsky.convo.getLog',
    ...(cursor !== undefined && { params: { cursor } }),
  }
}

export function page(convo: string, limit: number): Request {
  return {
    what: { op: 'page', convo },
    nsid: 'chat.bsky.convo.getMessages',
    params: { convoId: convo, limit: String(limit) },
  }
}

export function look(convo: string): Request {
  return { what: { op: 'convo', convo }, nsid: 'chat.bsky.convo.getConvo', params: { convoId: convo } }
}
