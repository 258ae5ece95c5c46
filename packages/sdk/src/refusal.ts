import { ChatError, type ChatErrorCode } from './errors.ts'

/** An answer that is not a 2xx, as far as it could be read. */
export interface Refusal {
  method: string
  status: number
  lexError: string | undefined
  message: string | undefined
  retryAfterMs: number | undefined
  /** True of a call that changes something: its fate decides `delivered`. */
  changes: boolean
  /** `did#id` of the service that the PDS was to pass the call on to. */
  proxy: string | undefined
}

/** By name: what the lexicons declare, then what XRPC servers say. */
const CODE_BY_NAME: Readonly<Record<string, ChatErrorCode>> = {
  AccountSuspended: 'sender/suspended',
  BlockedActor: 'recipient/blocked',
  BlockedSubject: 'recipient/blocked',
  ConvoLocked: 'convo/locked',
  ConvoLockedByModeration: 'convo/locked',
  EnabledJoinLinkAlreadyExists: 'join-link/exists',
  FollowRequired: 'recipient/requires-follow',
  GroupInvitesDisabled: 'recipient/no-groups',
  InsufficientRole: 'group/not-allowed',
  InvalidCode: 'join-link/not-found',
  InvalidConvo: 'convo/not-found',
  InvalidJoinRequest: 'join-request/not-found',
  LinkAlreadyEnabled: 'join-link/exists',
  LinkDisabled: 'join-link/disabled',
  MemberLimitReached: 'group/full',
  MessageDeleteNotAllowed: 'message/not-deletable',
  MessagesDisabled: 'recipient/disabled',
  NewAccountCannotCreateGroup: 'group/not-allowed',
  NoJoinLink: 'join-link/not-found',
  NotFollowedBySender: 'recipient/requires-follow',
  OwnerCannotLeave: 'group/not-allowed',
  ReactionInvalidValue: 'reaction/invalid',
  ReactionLimitReached: 'reaction/limit',
  ReactionMessageDeleted: 'message/deleted',
  ReactionNotAllowed: 'reaction/invalid',
  RecipientNotFound: 'recipient/not-found',
  ReplyTargetNotFound: 'reply/target-not-found',
  UserForbidsGroups: 'recipient/no-groups',
  UserKicked: 'group/kicked',

  AccountDeactivated: 'sender/suspended',
  AccountTakedown: 'sender/suspended',
  AuthFactorTokenRequired: 'auth/second-factor-required',
  ExpiredToken: 'auth/expired',
  HandleNotFound: 'identity/unresolved',
  MethodNotImplemented: 'not-routed',
  PayloadTooLarge: 'too-long',
  ScopeMissingError: 'auth/missing-dm-scope',
  XRPCNotSupported: 'not-routed',
}

/** By text: services older than the names, and refusals that never got one (behaviour.md 1.4, 2.2, 2.3). */
const CODE_BY_TEXT: readonly (readonly [RegExp, ChatErrorCode])[] = [
  [/^Bad token (method|scope)/, 'auth/missing-dm-scope'],
  [/insufficient access to request a service auth token/, 'auth/missing-dm-scope'],
  [/^recipient has disabled incoming messages/, 'recipient/disabled'],
  [/^recipient requires incoming messages to come from/, 'recipient/requires-follow'],
  [/^block between recipient and sender/, 'recipient/blocked'],
  [/^(recipient|Account) does not exist/, 'recipient/not-found'],
  [/^Account is disabled/, 'sender/suspended'],
  [/^Convo not found/, 'convo/not-found'],
  [/^Unable to resolve handle/i, 'identity/unresolved'],
  [/could not resolve proxy did|proxy header|in proxy header/, 'not-routed'],
  [/graphemes|must not be longer than|string too (big|long)/, 'too-long'],
]

export function refusalError(refusal: Refusal): ChatError {
  const { method, status, lexError, retryAfterMs, changes } = refusal
  const said = printable(refusal.message ?? '')
  const summary = [lexError && printable(lexError), said].filter(Boolean).join(': ')
  return new ChatError(codeOf(refusal), `${method} was refused (${status}) ${summary}`.trimEnd(), {
    method,
    status,
    lexError,
    retryAfterMs,
    // A 4xx and a 501 are said before anything is done; what a broken 5xx did, nobody knows.
    delivered: changes && status >= 500 && status !== 501 ? 'unknown' : 'no',
    hint: proxyHint(refusal),
  })
}

/** A PDS that cannot reach the service says so with a 502, or gives a 500 without a reason. */
function proxyHint({ status, lexError = 'InternalServerError', proxy }: Refusal): string | undefined {
  const unreachable =
    (status === 500 && lexError === 'InternalServerError') || (status >= 502 && status <= 504)
  if (proxy === undefined || !unreachable) return undefined
  return `${proxy} may be down or not reachable from the PDS.`
}

function codeOf({ status, lexError, message }: Refusal): ChatErrorCode {
  if (status === 429) return 'rate-limited'
  const byName = lexError !== undefined && Object.hasOwn(CODE_BY_NAME, lexError) && CODE_BY_NAME[lexError]
  if (byName) return byName
  if (message !== undefined && status < 500) {
    for (const [text, code] of CODE_BY_TEXT) if (text.test(message)) return code
  }
  // The chat service does not trust the token our PDS signed for us: no login of ours can mend that.
  if (lexError !== undefined && /^(BadJwt|Jwt)/.test(lexError)) return 'upstream'
  if (status === 401 || lexError === 'InvalidToken') return 'auth/expired'
  if (status === 501 || (status === 404 && lexError === undefined)) return 'not-routed'
  if (status >= 502 && status <= 504) return 'upstream'
  if (status >= 500) return 'server'
  return lexError === 'InvalidRequest' ? 'invalid-input' : 'refused'
}

/** What a stranger wrote, made safe for a terminal and a log line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200)
}
