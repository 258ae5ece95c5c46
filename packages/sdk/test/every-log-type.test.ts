import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as defs from '@atcute/bluesky/types/chat/convo/defs'
import { type ChatEvent, Client } from '../src/index.ts'
import { BOB, startPds } from '../src/testing/toy-pds.ts'

const nsid = 'chat.bsky.convo.defs'
const bob = { did: BOB, handle: 'bob.test' }
const base = {
  id: 'message1',
  rev: '3kaaaaaaaaaa1',
  sentAt: '2026-11-22T10:00:00.000Z',
  sender: { did: BOB },
}
const message = { ...base, $type: `${nsid}#messageView`, text: 'hello' }
const reaction = { value: '👍', sender: { did: BOB }, createdAt: base.sentAt }
const system = {
  ...base,
  $type: `${nsid}#systemMessageView`,
  data: { $type: `${nsid}#systemMessageDataEditGroup` },
}

/** What each row of a log becomes; `undefined`: it says the same as another row. */
const known: Record<string, { row?: object; event: string | undefined }> = {
  logBeginConvo: { event: 'convo:begun' },
  logAcceptConvo: { event: 'convo:accepted' },
  logLeaveConvo: { event: 'convo:left' },
  logMuteConvo: { event: 'convo:muted' },
  logUnmuteConvo: { event: 'convo:unmuted' },
  logCreateMessage: { row: { message }, event: 'message hello' },
  logDeleteMessage: { row: { message }, event: 'message:deleted' },
  logReadMessage: { row: { message }, event: undefined },
  logReadConvo: { row: { message }, event: 'convo:read' },
  logAddReaction: { row: { message, reaction }, event: 'reaction:added 👍 by bob.test' },
  logRemoveReaction: { row: { message, reaction }, event: 'reaction:removed 👍 by bob.test' },
  logIncomingJoinRequest: { row: { member: bob }, event: 'join-request incoming bob.test' },
  logApproveJoinRequest: { row: { member: bob }, event: 'join-request approved bob.test' },
  logRejectJoinRequest: { row: { member: bob }, event: 'join-request rejected bob.test' },
  logWithdrawIncomingJoinRequest: { row: { member: bob }, event: 'join-request withdrawn bob.test' },
  logReadJoinRequests: { event: 'join-request read' },
  logOutgoingJoinRequest: { event: 'join-request outgoing' },
  logWithdrawOutgoingJoinRequest: { event: 'join-request outgoing-withdrawn' },
  logOfTomorrow: { event: 'unknown' },
}
/** All others. */
const aboutGroup = { row: { message: system }, event: 'group:changed editGroup' }

const types = Object.keys(defs).flatMap(name => /^(log\w+)Schema$/.exec(name)?.[1] ?? [])

function told(event: ChatEvent): string {
  if (event.type === 'message') return `message ${event.message.text}`
  if ('by' in event) return `${event.type} ${event.value} by ${event.by.name}`
  if (event.type === 'group:changed') return `group:changed ${event.change}`
  if (event.type === 'join-request')
    return [event.type, event.change, ...(event.from ? [event.from.name] : [])].join(' ')
  return event.type
}

/** In order, as the revs of a log are. */
function revOf(number: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  return `3kaaaaaaaaa${letters[Math.floor(number / 26)]}${letters[number % 26]}`
}

it('each of the 30 types of rows that a log has becomes its event, and a newer one an unknown event', async () => {
  assert.equal(types.length, 30)
  const names = [...types, 'logOfTomorrow']
  const logs = names.map((name, number) => {
    const { row } = known[name] ?? aboutGroup
    return { $type: `${nsid}#${name}`, rev: revOf(number), convoId: 'convo1', relatedProfiles: [bob], ...row }
  })
  const expected = names.flatMap(name => (known[name] ?? aboutGroup).event ?? [])
  await using pds = await startPds()
  pds.on('chat.bsky.convo.getLog', () => ({ json: { logs, cursor: logs.at(-1)!.rev } }))
  const client = new Client({ service: pds.url, checkAnswers: false })
  await client.login('alice.test', 'password')
  const seen: string[] = []
  for await (const event of client.dm.events({ cursor: '2222222222222' })) {
    seen.push(told(event))
    if (seen.length === expected.length) break
  }
  assert.deepEqual(seen, expected)
})
