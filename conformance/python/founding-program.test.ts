import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withCast } from './founding-program.ts'

const cast = { service: 'http://localhost:1', username: 'alice.test', password: 'a-b', recipient: 'bob.test' }
const source = `
USERNAME = 'example.com'
PASSWORD = 'hunter2'
client = Client()
did = id_resolver.handle.resolve('test.marshal.dev')
`

test('only the constants, the base URL and the recipient of the founding program change', () => {
  assert.equal(
    withCast(source, cast),
    `
USERNAME = "alice.test"
PASSWORD = "a-b"
client = Client("http://localhost:1")
did = id_resolver.handle.resolve("bob.test")
`,
  )
})

test('a founding program that is another than expected is refused', () => {
  assert.throws(() => withCast(source.replace('Client()', 'Client(x)'), cast), /client = Client\(\) 0 times/)
  assert.throws(() => withCast(source + source, cast), /USERNAME = 'example.com' 2 times/)
})
