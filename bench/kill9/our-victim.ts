import { setTimeout as sleep } from 'node:timers/promises'
import { testAccount } from '@parley/testing/account.ts'
import { RawConnection, requestText } from '@parley/testing/raw-connection.ts'
import { Caller } from '../load/caller.ts'
import { allIds } from '../load/find-sent.ts'
import type { startOurs } from '../stacks/ours.ts'
import { type Promised, senders, type Victim } from './victim.ts'

const nsid = 'chat.bsky.convo.sendMessage'

/** We promise a message by answering its send. */
export function ourVictim(ours: Awaited<ReturnType<typeof startOurs>>): Victim {
  const { service, port, did, stage } = ours
  return {
    name: ours.name,
    async sendUntilKilled(ms) {
      const promised: Promised[] = []
      let isKilled = false

      async function sendAll(pair: number): Promise<void> {
        const account = testAccount(pair)
        const connection = await RawConnection.open(port)
        const input = { convoId: stage.convoIds[pair], message: { text: 'x'.repeat(120) } }
        while (!isKilled) {
          const token = account.token({ aud: did, lxm: nsid, now: Math.floor(Date.now() / 1000) })
          const answer = await connection.send(requestText({ nsid, token, input })).catch(() => undefined)
          if (!answer) return
          if (answer.status !== 200) throw new Error(`refused (${answer.status}): ${answer.body}`)
          promised.push({ pair, id: JSON.parse(answer.body).id })
        }
      }

      const loops = Promise.all(Array.from({ length: senders }, (_, pair) => sendAll(pair)))
      await Promise.race([sleep(ms), loops])
      isKilled = true
      await service.kill('SIGKILL')
      await loops
      return promised
    },
    startAgain: () => service.start(),
    async found(pair) {
      using caller = await Caller.open(ours)
      return await allIds(caller, pair, stage.convoIds[pair]!)
    },
    [Symbol.asyncDispose]: () => ours[Symbol.asyncDispose](),
  }
}
