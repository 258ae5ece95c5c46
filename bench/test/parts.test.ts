import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, test } from 'node:test'
import { parts } from '../parts/parts.ts'
import { printed } from '../report/print.ts'
import { ownFolder } from '../stacks/own-folder.ts'

/** Others' servers are measured where somebody has installed them. */
const peersAreHere = existsSync('/usr/share/ejabberd/sql') && existsSync('/usr/bin/prosody')

describe('every part of the benchmarks', () => {
  for (const part of parts) {
    const needsPeers = part.name === 'peers' || part.name === 'kill9'
    test(`${part.name} runs, on a tiny load`, { skip: needsPeers && !peersAreHere }, async () => {
      await using own = await ownFolder(tmpdir(), 'parley-bench-test')
      const folder = own.path
      const findings = await part.run({ engine: 'sqlite', quick: true, rounds: 1, seconds: 0.1, folder })
      assert.equal(findings.part, part.name)
      for (const { columns, rows } of findings.tables) {
        assert.ok(rows.length > 0)
        for (const row of rows) assert.equal(row.length, columns.length)
      }
      for (const { what, here } of findings.budgets) assert.ok(Number.isFinite(here), what)
      assert.doesNotMatch(printed(findings), /NaN|undefined/)
    })
  }
})
