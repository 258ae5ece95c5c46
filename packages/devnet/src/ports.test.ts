import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { PortTakenError } from './errors.ts'
import { reservePort } from './ports.ts'

test('a reserved port is taken until it is released', async () => {
  const first = await reservePort('the PDS')
  await assert.rejects(reservePort('the web page', first.port), PortTakenError)
  await first.release()
  const second = await reservePort('the web page', first.port)
  await second.release()
})

test('who connects to a reserved port is turned away and does not hold up its release', async () => {
  const reserved = await reservePort('the web page')
  const early = connect(reserved.port, '127.0.0.1').resume()
  await once(early, 'close')
  const other = connect(reserved.port, '127.0.0.1').on('error', () => {})
  await once(other, 'connect')
  await reserved.release()
})
