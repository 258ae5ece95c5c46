/** Stable names for everything that can go wrong: branch on these, never on the message. */
export type ChatErrorCode =
  | 'aborted'
  | 'auth/bad-credentials'
  | 'auth/expired'
  | 'auth/missing-dm-scope'
  | 'auth/required'
  | 'auth/second-factor-required'
  | 'convo/locked'
  | 'convo/not-found'
  | 'group/full'
  | 'group/kicked'
  | 'group/not-allowed'
  | 'identity/unresolved'
  | 'invalid-input'
  | 'invalid-response'
  | 'join-link/disabled'
  | 'join-link/exists'
  | 'join-link/not-found'
  | 'join-request/not-found'
  | 'message/deleted'
  | 'message/not-deletable'
  | 'network'
  | 'not-routed'
  | 'rate-limited'
  | 'reaction/invalid'
  | 'reaction/limit'
  | 'recipient/blocked'
  | 'recipient/disabled'
  | 'recipient/no-groups'
  | 'recipient/not-found'
  | 'recipient/requires-follow'
  | 'refused'
  | 'reply/target-not-found'
  | 'sender/suspended'
  | 'server'
  | 'timeout'
  | 'too-long'
  | 'upstream'

/** What to do next, where there is something to do. */
const HINTS: Partial<Record<ChatErrorCode, string>> = {
  'auth/bad-credentials':
    'Check the handle and the password. App passwords are made in the settings of the account.',
  'auth/expired': 'The session is over: call login() again.',
  'auth/missing-dm-scope':
    'This login may not use direct messages. In the app: Settings, Privacy and security, App passwords: ' +
    'add one with "Allow access to your direct messages" ticked and log in with it. ' +
    'With OAuth, ask for the scopes that chatScopes() names.',
  'auth/required': 'Call login() first.',
  'auth/second-factor-required':
    'A code was sent by e-mail: pass it as authFactorToken to login(), or let onSecondFactor ask for it.',
  'identity/unresolved':
    'Check the spelling. On a local network, give IdResolver `service`, the address of a PDS, and `allowPrivateNetwork`.',
  network: 'Is the address right, and does a server listen there?',
  'not-routed':
    'Either the call reached no chat service: use withBskyChatProxy(), or withChatService() with the name of yours. ' +
    'Or the one it reached does not have this method.',
  'rate-limited': 'Wait for retryAfterMs before the next call; slower is what helps.',
  'recipient/disabled': 'They accept no new conversations. Only they can change that.',
  'recipient/no-groups':
    'They accept no invitations to groups. Only they can change that; a join link they can follow.',
  'recipient/requires-follow': 'They accept messages only from people they follow.',
  'too-long': 'Shorten the text, or split it: a message holds 1000 graphemes and 10000 bytes.',
}

const RETRYABLE: ReadonlySet<ChatErrorCode> = new Set(['network', 'rate-limited', 'timeout', 'upstream'])

/** What may be known of an error beside its code and its message. */
export interface ChatErrorDetails {
  method?: string | undefined
  status?: number | undefined
  lexError?: string | undefined
  retryable?: boolean
  retryAfterMs?: number | undefined
  delivered?: 'no' | 'unknown'
  /** Default: what is known to help with the code. */
  hint?: string | undefined
  cause?: unknown
}

/** The one error this library throws. Its message never holds secrets or message text. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: ChatErrorCode
  /** One or two sentences on what to do about it. */
  readonly hint: string | undefined
  /** The NSID of the method called. */
  readonly method: string | undefined
  /** The HTTP status of the refusal, if there was an answer. */
  readonly status: number | undefined
  /** The error's name in the answer, as the lexicon or the server gave it. */
  readonly lexError: string | undefined
  /** Whether the same call may succeed later. For a send, look at `delivered` before repeating it. */
  readonly retryable: boolean
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined
  /** Of a call that changes something: 'no' if it surely did not happen, 'unknown' if it may have. */
  readonly delivered: 'no' | 'unknown'

  constructor(code: ChatErrorCode, message: string, details: ChatErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint ?? HINTS[code]
    this.method = details.method
    this.status = details.status
    this.lexError = details.lexError
    this.retryable = details.retryable ?? RETRYABLE.has(code)
    this.retryAfterMs = details.retryAfterMs
    this.delivered = details.delivered ?? 'no'
  }

  /** `error.is('convo/not-found')`: spelled out so that editors complete the code. */
  is(code: ChatErrorCode): boolean {
    return this.code === code
  }
}
