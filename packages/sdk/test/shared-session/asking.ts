/** A program that shares its session with others through a file: logs in, waits for a word, and asks twenty times at once. */

import { once } from 'node:events'
import { Client } from '../../src/index.ts'
import { fileSessionStore } from '../../src/node/index.ts'

const [service = '', chat = '', handle = '', password = '', file = ''] = process.argv.slice(2)
const client = new Client({ service, chat, sessionStore: fileSessionStore(file) })
await client.login(handle, password)
console.log('is logged in')
await once(process.stdin, 'data')
await Promise.all(Array.from({ length: 20 }, () => client.dm.unread()))
console.log('has asked')
process.exit()
