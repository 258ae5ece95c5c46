/**
 * Runs direct-messages.ts and then reads the message as the one it was sent to: on the devnet that is running, else on
 * one that is started for it. With ATP_SERVICE and ATP_IDENTIFIER set, it runs as that account, wherever that is, and no
 * more.
 */
import { Client } from '@parley/sdk'
import { accountOf, type ExampleNetwork, findDevnet } from './network.ts'

async function main(): Promise<void> {
  const { ATP_SERVICE, ATP_IDENTIFIER } = process.env
  if (ATP_SERVICE && ATP_IDENTIFIER) {
    await import('./direct-messages.ts')
    return
  }
  const running = await findDevnet()
  if (running) return runOn(running)
  console.error('No devnet is running: starting one for this example.')
  const { Devnet } = await import('@parley/devnet')
  await using net = await Devnet.create()
  await runOn({ pds: net.pds.url, accounts: net.accounts })
}

async function runOn(network: ExampleNetwork): Promise<void> {
  const sender = accountOf(network, process.env.ATP_IDENTIFIER ?? 'alice.test')
  const recipient = accountOf(network, process.env.CHAT_TO ?? 'bob.test')
  process.env.ATP_SERVICE = network.pds
  process.env.ATP_IDENTIFIER = sender.handle
  process.env.CHAT_TO = recipient.handle
  process.env.ATP_PASSWORD ??= sender.appPassword
  await import('./direct-messages.ts')

  const client = new Client(network.pds)
  await client.login(recipient.handle, recipient.appPassword)
  const { convo: dm } = client.chat.bsky
  const { convo } = await dm.getConvoForMembers({ members: [sender.did] })
  const { messages } = await dm.getMessages({ convoId: convo.id, limit: 1 })
  for (const message of messages) {
    if ('text' in message) console.log(`${recipient.handle} reads: ${message.text}`)
  }
}

await main()
