import assert from 'node:assert/strict'
import type { ServiceProcess } from '@parley/testing/service-process.ts'

/** Whether all that an operator reads of the refusals since the start says this, and nothing of the code. */
export function assertComplaints({ said }: ServiceProcess, words: RegExp): void {
  const lines = said.filter(line => line.startsWith('{'))
  assert.ok(lines.length > 0, 'there is nothing in the log')
  for (const line of lines) {
    const { msg, err } = JSON.parse(line) as {
      msg: string
      err: { name: string; cause?: { message: string } }
    }
    assert.deepEqual([msg, err.name], ['fault', 'ServiceUnavailable'])
    assert.match(err.cause?.message ?? '', words)
    assert.doesNotMatch(line, /stack|\.ts/)
  }
}
