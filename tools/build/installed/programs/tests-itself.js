// Somebody's test: a network in memory.
import { fakeNetwork } from '@parley/sdk/testing'

const net = fakeNetwork({ users: ['alice.test', 'bob.test'] })
const alice = await net.client('alice.test')
await alice.dm.send('bob.test', 'Hello!')
const bob = await net.client('bob.test')
for await (const convo of bob.dm.conversations()) console.log(`${convo.title}: ${convo.unreadCount}`)
