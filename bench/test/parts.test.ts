import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { describe, test } from 'node:test'
import { parts } from '../parts/parts.ts'
import { printed } from '../report/print.ts'
import { ownFolder } from '../stacks/own-folder.ts'

/** Others' servers are not everywhere: `npm run bench -- peers kill9 --quick` tries what is beside them. */
const ownParts = parts.filter(({ name }) => name !== 'peers' && name !== 'kill9')

describe('every part of the benchmarks that is about this service alone', () => {
  for (const part of ownParts) {
    test(`${part.name} runs, on a tiny load`, async () => {
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
