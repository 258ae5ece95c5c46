/** What a page does with the SDK: logs in, hears a message and answers it. Leaves what it saw in its title. */
import { ChatError, Client, IdResolver } from '@parley/sdk'

const params = new URLSearchParams(location.search)
const service = params.get('service') ?? ''
const client = new Client({ service, chat: params.get('chat') ?? '' })
try {
  await client.login('bob.test', params.get('password') ?? '')
  const from = await new IdResolver({ service }).handle.resolve('alice.test')
  for await (const event of client.dm.events({ backfill: 'unread', own: false })) {
    if (event.type !== 'message') continue
    await client.dm.send(from, `Heard: ${event.message.text}`)
    break
  }
  await client.dm.send('nobody.test', 'Hello?')
} catch (error) {
  document.title = error instanceof ChatError ? error.code : String(error)
}
