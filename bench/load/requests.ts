import type { TestAccount } from '@parley/testing/account.ts'
import { requestText } from '@parley/testing/raw-connection.ts'
import type { Call, LoadPlan, Mix, Stage } from './plan.ts'

/** A request in full, to be written as it is. */
export interface PreparedRequest {
  call: Call
  pair: number
  bytes: Buffer
}

const nsids: Record<Call, string> = {
  send: 'chat.bsky.convo.sendMessage',
  page: 'chat.bsky.convo.getMessages',
  poll: 'chat.bsky.convo.getLog',
  list: 'chat.bsky.convo.listConvos',
  unread: 'chat.bsky.convo.getUnreadCounts',
}

/** As long as what people write: 120 characters. */
const filler = 'x'.repeat(120)

/** Signs everything. Accounts take turns, so that both kinds of keys do. */
export function prepareRequests(plan: LoadPlan, accounts: readonly TestAccount[]): PreparedRequest[] {
  const calls = turns(plan.mix)
  const now = Math.floor(Date.now() / 1000)
  return Array.from({ length: plan.requestsMax }, (_, number) => {
    const call = calls[number % calls.length]!
    const account = accountFor(call, number, plan)
    const token = accounts[account]!.token({ aud: plan.audience, lxm: nsids[call], now })
    const details = detailsOf(call, account, plan, `${plan.label} ${number} `)
    const text = requestText({ nsid: nsids[call], token, ...details })
    return { call, pair: pairOf(account, plan.stage), bytes: Buffer.from(text) }
  })
}

/**
 * Accounts take turns, out of step with the turns of the mix. Where others send meanwhile, nothing new comes only to
 * those who are not written to: then one half of the pairs sends and the other polls.
 */
function accountFor(call: Call, number: number, { mix, stage, onePersonEach, inFlight }: LoadPlan): number {
  if (onePersonEach) return number % inFlight
  const account = (number + Math.floor(number / stage.accounts)) % stage.accounts
  if (mix.send === undefined || mix.poll === undefined || (call !== 'send' && call !== 'poll')) return account
  const pairs = stage.accounts / 2
  const isSecond = account >= pairs
  const pair = Math.floor((account % pairs) / 2) + (call === 'poll' ? Math.floor(pairs / 2) : 0)
  return isSecond ? pair + pairs : pair
}

function detailsOf(call: Call, account: number, { stage, limit = 50 }: LoadPlan, text: string) {
  const convoId = stage.convoIds[pairOf(account, stage)]!
  if (call === 'send')
    return { input: { convoId, message: { text: (text + filler).slice(0, filler.length) } } }
  if (call === 'page') return { params: { convoId, limit: String(limit) } }
  if (call === 'poll') return { params: { cursor: stage.cursors[account]! } }
  return call === 'list' ? { params: { limit: String(limit) } } : {}
}

function pairOf(account: number, { accounts }: Stage): number {
  return account % (accounts / 2)
}

/** A hundred calls with the shares of the mix, each kind spread over them. */
function turns(mix: Mix): Call[] {
  const shares = Object.entries(mix) as [Call, number][]
  const total = shares.reduce((sum, [, share]) => sum + share, 0)
  const given = new Map(shares.map(([call]) => [call, 0]))
  return Array.from({ length: total }, (_, place) => {
    const behind = ([call, share]: [Call, number]) => (share * (place + 1)) / total - given.get(call)!
    const [next] = shares.reduce((best, other) => (behind(other) > behind(best) ? other : best))
    given.set(next, given.get(next)! + 1)
    return next
  })
}
