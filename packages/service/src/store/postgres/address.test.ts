import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { openStore } from '../open-store.ts'
import { placeOf, readAddress } from './address.ts'

test('an address has all that is needed to connect, as its parts were meant', () => {
  assert.deepEqual(readAddress('postgres://parley:s%40cret@db.example.org:5433/chat?sslmode=verify-full'), {
    host: 'db.example.org',
    port: 5433,
    database: 'chat',
    user: 'parley',
    password: 's@cret',
    tls: 'verify-full',
  })
  const socket = readAddress('postgresql://parley@%2Fvar%2Frun%2Fpostgresql/chat')
  assert.deepEqual([socket.host, socket.port, socket.password], ['/var/run/postgresql', 5432, ''])
  assert.equal(placeOf(socket), 'chat at /var/run/postgresql:5432')
})

test('an address that cannot be read is refused, without its password', async () => {
  const wrong = [
    'postgres://parley:s3cret@host',
    'postgres://parley:s3cret@host/a/b',
    'postgres://:s3cret@host/chat',
    'postgres://parley:s3cret@host:99999/chat',
    'postgres://parley:%ff-s3cret@host/chat#x',
    'postgres://parley:s3cret@host/chat?sslmode=prefer',
    'postgres://parley:s3cret@host/chat?options=-c',
    'postgress://parley:s3cret@host/chat',
    'mysql://parley:s3cret@host/chat',
  ]
  for (const database of wrong) {
    await assert.rejects(openStore({ database, clock: systemClock }), (error: Error) => {
      assert.doesNotMatch(error.message, /s3cret/)
      assert.match(error.message, /postgres:\/\/|sslmode/)
      return true
    })
  }
})

test('a server that is not there is named, without the password', async () => {
  const database = 'postgres://parley:s3cret@127.0.0.1:1/chat'
  await assert.rejects(openStore({ database, clock: systemClock }), (error: Error) => {
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /s3cret/)
    assert.match(error.message, /Cannot open the database chat at 127\.0\.0\.1:1/)
    return true
  })
})
