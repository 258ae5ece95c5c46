/** The clients of a peer, in a process of their own. Streams stay open from run to run, logged in. */

import { followOrders } from '../load/client-orders.ts'
import type { LoadResult } from '../load/plan.ts'
import { quantile } from '../measure/statistics.ts'
import { XmppConnection } from './xmpp-connection.ts'
import type { XmppPlan } from './xmpp-plan.ts'

interface Pair {
  sender: XmppConnection
  receiver: XmppConnection
  archived: number
}

const pageSize = 50

/** As long as what our clients send. */
const text = 'x'.repeat(120)

const pairsByPort = new Map<number, Pair[]>()

followOrders<XmppPlan>(async plan => {
  const pairs = await openPairs(plan)
  if (plan.task === 'page') await Promise.all(pairs.map(fillArchive))
  let runs = 0
  return () => measure(plan, pairs, `${plan.label.replaceAll(' ', '')}x${runs++}`)
})

async function openPairs({ port, inFlight }: XmppPlan): Promise<Pair[]> {
  const pairs = pairsByPort.get(port) ?? []
  pairsByPort.set(port, pairs)
  while (pairs.length < inFlight) {
    const number = pairs.length
    const [sender, receiver] = await Promise.all(
      [`sender${number}`, `receiver${number}`].map(user =>
        XmppConnection.open(port, user, { register: true }),
      ),
    )
    pairs.push({ sender: sender!, receiver: receiver!, archived: 0 })
  }
  return pairs.slice(0, inFlight)
}

async function fillArchive(pair: Pair): Promise<void> {
  while (pair.archived < pageSize + 10) await sendOne(pair, `fill-${pair.archived}`)
}

/** Resolves when the receiver has it with its archive id. */
function sendOne(pair: Pair, id: string): Promise<void> {
  const { sender, receiver } = pair
  return new Promise(resolve => {
    receiver.listen('</message>', message => {
      if (!message.includes(`id='${id}'`) && !message.includes(`id="${id}"`)) return
      if (!message.includes('<stanza-id')) throw new Error('a message came without its archive id')
      pair.archived += 1
      resolve()
    })
    sender.send(receiver.user, id, text)
  })
}

async function readPage({ receiver }: Pair): Promise<void> {
  const page = await receiver.archive(pageSize)
  const results = page.split('<result ').length - 1
  if (results !== pageSize) throw new Error(`a page had ${results} messages`)
}

async function measure(
  { task, durationMs }: XmppPlan,
  pairs: readonly Pair[],
  tag: string,
): Promise<LoadResult> {
  const latencies: number[] = []
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(
    pairs.map(async pair => {
      for (let number = 0; performance.now() - startedAt < durationMs; number++) {
        const begunAt = performance.now()
        if (task === 'send') await sendOne(pair, `${tag}-${number}`)
        else await readPage(pair)
        latencies.push(performance.now() - begunAt)
      }
    }),
  )
  const elapsedMs = performance.now() - startedAt
  const cpu = process.cpuUsage(cpuBefore)
  return {
    answered: latencies.length,
    refused: {},
    elapsedMs,
    perSec: (latencies.length / elapsedMs) * 1000,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: quantile(latencies, 1),
    clientCpu: (cpu.user + cpu.system) / 1000 / elapsedMs,
    sent: [],
  }
}
