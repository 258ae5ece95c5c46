import assert from 'node:assert/strict'
import { calls, type Target } from './calls.ts'
import { secret } from './scenes.ts'
import type { Reply } from './world.ts'

/** Refusals without a name of their own: words of the matrix for `InvalidRequest` with these texts. */
export const texts: Readonly<Record<string, string>> = {
  disabled: 'Account is disabled',
  blocked: 'block between recipient and sender',
  'no-message': 'Message not found',
}

const statuses: Readonly<Record<string, number>> = {
  AuthMissing: 401,
  BadJwtAudience: 401,
  BadJwtIss: 401,
  BadJwtLexiconMethod: 401,
  BadJwtSignature: 401,
  Forbidden: 403,
  JwtExpired: 401,
}

/** What became of a call, in a word of the matrix. */
export function wordFor(method: string, target: Target, reply: Reply): string {
  const { status, error, text } = reply
  if (!error) {
    assert.equal(status, 200)
    return calls[method]!.lists ? seen(target, text) : 'ok'
  }
  assert.equal(status, statuses[error.error] ?? 400, text)
  if (error.error !== 'InvalidRequest') return error.error
  return Object.entries(texts).find(([, it]) => it === error.message)?.[0] ?? error.message
}

function seen({ convoId, messageId }: Target, text: string): string {
  if (text.includes(convoId)) return 'shown'
  for (const hidden of [messageId, secret.text, secret.groupName]) assert.ok(!text.includes(hidden), text)
  return 'hidden'
}
