/**
 * Runs direct-messages.ts and then reads the message as the one it was sent to: on the devnet that is running, else on
 * one that is started for it. With ATP_SERVICE, ATP_IDENTIFIER and ATP_PASSWORD set, it runs as that account and no more.
 */
import { Client } from '@parley/sdk'
import { accountOf, type ExampleNetwork, findDevnet } from './network.ts'

async function main(): Promise<void> {
  const { ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD } = process.env
  if (ATP_SERVICE || ATP_IDENTIFIER || ATP_PASSWORD) {
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
  const alice = accountOf(network, 'alice.test')
  const bob = accountOf(network, 'bob.test')
  process.env.ATP_SERVICE = network.pds
  process.env.ATP_IDENTIFIER = alice.handle
  process.env.ATP_PASSWORD = alice.appPassword
  process.env.CHAT_TO = bob.handle
  await import('./direct-messages.ts')

  const client = new Client(network.pds)
  await client.login(bob.handle, bob.appPassword)
  const { convo: dm } = client.chat.bsky
  const { convo } = await dm.getConvoForMembers({ members: [alice.did] })
  const { messages } = await dm.getMessages({ convoId: convo.id, limit: 1 })
  for (const message of messages) {
    if ('text' in message) console.log(`${bob.handle} reads: ${message.text}`)
  }
}

await main()
