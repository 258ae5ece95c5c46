import type { ChatErrorCode } from '@parley/sdk'

/** How the program can end; docs/cli.md has the same table for people. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  /** The command line, or what it hands on, is not right. */
  usage: 2,
  /** Nobody is logged in, or the login may not do this. */
  login: 3,
  /** The recipient, the group or the service does not want it. */
  refused: 4,
  notFound: 5,
  /** The network or a server: the same may work later. */
  unavailable: 6,
  interrupted: 130,
  terminated: 143,
} as const

export type Outcome = keyof typeof exitCodes

/** How the program ends for each error of the SDK. */
export const outcomes: Readonly<Record<ChatErrorCode, Outcome>> = {
  aborted: 'interrupted',
  'auth/bad-credentials': 'login',
  'auth/expired': 'login',
  'auth/missing-dm-scope': 'login',
  'auth/required': 'login',
  'auth/second-factor-required': 'login',
  'convo/locked': 'refused',
  'convo/not-found': 'notFound',
  'group/full': 'refused',
  'group/kicked': 'refused',
  'group/not-allowed': 'refused',
  'identity/unresolved': 'notFound',
  'invalid-input': 'usage',
  'invalid-response': 'failed',
  'join-link/disabled': 'refused',
  'join-link/exists': 'refused',
  'join-link/not-found': 'notFound',
  'join-request/not-found': 'notFound',
  'message/deleted': 'notFound',
  'message/not-deletable': 'refused',
  network: 'unavailable',
  'not-routed': 'unavailable',
  'rate-limited': 'unavailable',
  'reaction/invalid': 'usage',
  'reaction/limit': 'refused',
  'recipient/blocked': 'refused',
  'recipient/disabled': 'refused',
  'recipient/no-groups': 'refused',
  'recipient/not-found': 'notFound',
  'recipient/requires-follow': 'refused',
  refused: 'refused',
  'reply/target-not-found': 'notFound',
  'sender/suspended': 'refused',
  server: 'unavailable',
  timeout: 'unavailable',
  'too-long': 'usage',
  upstream: 'unavailable',
}
