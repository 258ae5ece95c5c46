import assert from 'node:assert/strict'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { freePort } from '@parley/testing/free-port.ts'
import { startPostgres } from '@parley/testing/postgres.ts'
import { readAddress } from './address.ts'
import { Connection, ConnectionLost } from './connection.ts'

test('a connection on which no answer comes any more is given up, one that answers is kept', async () => {
  await using held = new AsyncDisposableStack()
  const postgres = held.use(await startPostgres())
  const address = readAddress(postgres.url)
  const sockets: Socket[] = []
  // A network between the two, which may fall silent.
  const network = createServer(socket => {
    const onward = connect(`${address.host}/.s.PGSQL.${address.port}`)
    socket.pipe(onward).pipe(socket)
    sockets.push(socket, onward)
    for (const end of [socket, onward]) end.on('error', () => {})
  })
  held.defer(() => {
    for (const socket of sockets) socket.destroy()
    network.close()
  })
  const port = await freePort()
  await new Promise<void>(resolve => network.listen(port, '127.0.0.1', resolve))
  const connection = await Connection.open({ ...address, host: '127.0.0.1', port }, 2000)
  held.defer(() => connection.close())
  // Longer than that in all, but never one alone.
  const naps = Array.from({ length: 8 }, () => connection.ask('select pg_sleep(0.4)::text', []))
  await Promise.all(naps)
  assert.ok(connection.isOpen)

  for (const socket of sockets) socket.unpipe().pause()
  await assert.rejects(connection.ask('select 1', []), ConnectionLost)
  assert.ok(!connection.isOpen)
})
