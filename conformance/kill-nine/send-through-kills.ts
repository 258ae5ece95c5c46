import type { ChatBskyConvoSendMessage } from '@atcute/bluesky'
import type { ServiceProcess } from '@parley/testing/service-process.ts'
import { type DirectClient, RefusedError } from './direct-client.ts'
import type { Acknowledged } from './history.ts'

export interface SendPlan {
  service: ServiceProcess
  convoId: string
  /** They take turns. */
  senders: readonly DirectClient[]
  sends: number
  inFlight: number
  /** After how many acknowledgements, in all, the service is killed and started again; rising. */
  killAfter: readonly number[]
}

export interface Sent {
  acknowledged: Acknowledged[]
  /** How many sends each kill left without an answer; they were repeated with the same key. */
  unanswered: number[]
}

/** Sends everything, whatever happens to the service meanwhile. Throws where it refuses one. */
export async function sendThroughKills(plan: SendPlan): Promise<Sent> {
  const { service, convoId, senders, sends, inFlight } = plan
  const acknowledged: Acknowledged[] = []
  const unanswered: number[] = []
  const kills = [...plan.killAfter]
  /** Resolves when the service is, or is again, there. */
  let up = Promise.resolve()
  let moment = 0
  let next = 0

  function killIfDue(): void {
    if (acknowledged.length !== kills[0]) return
    kills.shift()
    unanswered.push(0)
    up = service.kill().then(() => service.start())
  }

  async function sendOne(number: number): Promise<void> {
    const client = senders[number % senders.length]!
    const text = `message ${number}`
    const input = { convoId, message: { text }, idempotencyKey: `key ${number}` }
    const startedAt = moment++
    for (;;) {
      await up
      const answer = await client.post('chat.bsky.convo.sendMessage', input).catch(noAnswer)
      if (answer) {
        const { id } = answer as ChatBskyConvoSendMessage.$output
        acknowledged.push({ text, sender: client.account.did, id, startedAt, answeredAt: moment++ })
        killIfDue()
        return
      }
      unanswered[unanswered.length - 1]! += 1
    }
  }

  async function work(): Promise<void> {
    while (next < sends) await sendOne(next++)
  }

  function noAnswer(error: unknown): undefined {
    // Before the first kill, silence is a fault like any other.
    if (error instanceof RefusedError || unanswered.length === 0) throw error
  }

  await Promise.all(Array.from({ length: inFlight }, work))
  return { acknowledged, unanswered }
}
