import type { Did } from '@atcute/lexicons/syntax'
import type { TestAccount } from '@parley/testing/account.ts'
import { requestText } from '@parley/testing/raw-connection.ts'

const eventsNsid = 'chat.bsky.moderation.subscribeModEvents'

export function pollText(account: TestAccount, aud: Did, cursor: string): string {
  const nsid = 'chat.bsky.convo.getLog'
  return requestText({ nsid, token: account.token({ aud, lxm: nsid, now: nowSec() }), params: { cursor } })
}

/** The handshake of a subscription to all events after `cursor`, by default only those to come. */
export function subscribeText(account: TestAccount, aud: Did, cursor?: string): string {
  return upgradeText(account, { aud, nsid: eventsNsid, lxm: eventsNsid, cursor })
}

/** That of a live stream of the account's log. */
export function liveText(account: TestAccount, aud: Did): string {
  return upgradeText(account, { aud, nsid: 'chat.parley.convo.subscribeLog', lxm: 'chat.bsky.convo.getLog' })
}

interface Upgrade {
  aud: Did
  nsid: string
  /** What the token is for. */
  lxm: string
  cursor?: string | undefined
}

function upgradeText(account: TestAccount, { aud, nsid, lxm, cursor }: Upgrade): string {
  const token = account.token({ aud, lxm, now: nowSec() })
  const params = cursor === undefined ? {} : { params: { cursor } }
  const upgrade = [
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${Buffer.alloc(16, 1).toString('base64')}`,
  ]
  return requestText({ nsid, token, ...params }).replace(/\r\n\r\n$/, `\r\n${upgrade.join('\r\n')}\r\n\r\n`)
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000)
}
