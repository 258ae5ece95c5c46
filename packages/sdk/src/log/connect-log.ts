import { mainSchema as getServiceAuth } from '@atcute/atproto/types/server/getServiceAuth'
import { mainSchema as subscribeLog } from '@parley/lexicons/chat/parley/convo/subscribeLog'
import type { Clock } from '../clock.ts'
import type { Features } from '../features.ts'
import type { OwnAccount } from '../own-account.ts'
import type { OpenWebSocket } from '../web-socket.ts'
import { LogSocket } from './log-socket.ts'

/**
 * A PDS gives tokens for an hour at most, and its clock may be behind what we know of it. Not all are as long as the
 * others: streams that were opened together need not end together.
 */
const TOKEN_LIFETIME_SEC = 55 * 60
const TOKEN_LIFETIME_SPREAD = 0.2

const OPENING_MS_MAX = 10_000

export interface ConnectLogParts {
  account: OwnAccount
  features: Features
  clock: Clock
  /** The chat service, as `did#id`: how permissions of OAuth name it. */
  service: string
  /** `undefined` where the platform has none. */
  openWebSocket: OpenWebSocket | undefined
}

/** Opens a stream behind a cursor. `undefined` where there is none to be had, and asking again is of no use. */
export type ConnectLog = (cursor: string) => Promise<LogSocket | undefined>

/**
 * How the service's own stream of the log is opened: straight to the service, since a PDS passes on no WebSockets, with a
 * token for getLog from the PDS (chat.parley.convo.subscribeLog). Throws where it cannot be opened now.
 */
export function logConnector(parts: ConnectLogParts): ConnectLog {
  const { account, features, clock, service, openWebSocket } = parts
  return async from => {
    if (openWebSocket === undefined) return undefined
    const described = await features.describe()
    if (!described?.features.includes('subscribeLog')) {
      features.forget()
      return undefined
    }
    const url = new URL(`/xrpc/${subscribeLog.nsid}`, described.url.replace(/^http/, 'ws'))
    if (!isPrivate(url, account.session()?.pds)) return undefined
    url.searchParams.set('cursor', from)
    const nowSec = Math.floor((clock.now() + account.aheadMs()) / 1000)
    const { token } = await account.atPds(getServiceAuth, {
      aud: service,
      lxm: 'chat.bsky.convo.getLog',
      exp: nowSec + Math.round(TOKEN_LIFETIME_SEC * (1 - TOKEN_LIFETIME_SPREAD * clock.random())),
    })
    const socket = new LogSocket(openWebSocket(url.href, ['xrpc.v0.json', `bearer.${token}`]), {
      from,
      clock,
    })
    const opened = new AbortController()
    clock.sleep(OPENING_MS_MAX, opened.signal).then(
      () => socket.close(),
      () => {},
    )
    await socket.opened()
    opened.abort()
    if (!socket.isOpen) throw new Error('the stream of the log did not open')
    return socket
  }
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** Whether nobody on the way can read along: a token goes there. On this machine only where the PDS is here as well. */
function isPrivate({ protocol, hostname, username }: URL, pds: string | undefined): boolean {
  if (username !== '') return false
  if (!loopback.test(hostname)) return protocol === 'wss:'
  return /^wss?:$/.test(protocol) && loopback.test(new URL(pds || 'https://pds.invalid').hostname)
}
