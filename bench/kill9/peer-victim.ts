import { setTimeout as sleep } from 'node:timers/promises'
import type { Peer } from '../peers/peer.ts'
import { XmppConnection } from '../peers/xmpp-connection.ts'
import { type Promised, senders, type Victim } from './victim.ts'

/** A peer promises a message by giving it to its receiver with its archive id. */
export function peerVictim(peer: Peer): Victim {
  let kills = 0
  return {
    name: peer.name,
    async sendUntilKilled(ms) {
      const tag = `kill${kills++}`
      const promised: Promised[] = []
      const streams: XmppConnection[] = []
      for (let pair = 0; pair < senders; pair++) {
        const sender = await XmppConnection.open(peer.port, `sender${pair}`, { register: true })
        const receiver = await XmppConnection.open(peer.port, `receiver${pair}`, { register: true })
        streams.push(sender, receiver)
        let number = 0
        const next = () => sender.send(receiver.user, `${tag}-${pair}-${number++}`, 'x'.repeat(120))
        receiver.listen('</message>', message => {
          const id = idIn(message)
          if (!id?.startsWith(`${tag}-`) || !message.includes('<stanza-id')) return
          promised.push({ pair, id })
          next()
        })
        next()
      }
      await sleep(ms)
      await peer.kill('SIGKILL')
      for (const stream of streams) stream.close()
      return promised
    },
    startAgain: () => peer.start(),
    async found(pair) {
      const receiver = await XmppConnection.open(peer.port, `receiver${pair}`)
      const ids: string[] = []
      let before = ''
      for (;;) {
        const page = await receiver.archive(50, before)
        const results = page.split('<result ').slice(1)
        ids.push(...results.flatMap(result => idIn(result) ?? []))
        const first = /<first[^>]*>([^<]+)</.exec(page)?.[1]
        if (results.length === 0 || first === undefined) break
        before = first
      }
      receiver.close()
      return ids
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  }
}

function idIn(message: string): string | undefined {
  return /\bid=['"](kill\d+-\d+-\d+)['"]/.exec(message)?.[1]
}
