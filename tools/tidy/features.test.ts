import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { read, root } from './sources.ts'

const path = 'docs/sdk-features.md'
const rows = read(path)
  .split('\n')
  .filter(line => /^\| \d+ \|/.test(line))

/** The names of a file's tests, as they stand in its source. */
function testNames(file: string): string[] {
  if (!existsSync(new URL(file, root))) return []
  const calls = read(file).matchAll(
    /\b(?:it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`((?:[^`\\]|\\.)*)`)/g,
  )
  return [...calls].map(([, single, double, template]) => {
    const name = single ?? double ?? template ?? ''
    return name.replaceAll(/\\(.)/g, '$1').replaceAll('`', '')
  })
}

test('what the SDK does is shown by tests that exist, row by row', () => {
  assert.equal(rows.length, 38)
  const wrong = rows.flatMap(row => {
    const shown = [...row.matchAll(/`([\w/.-]+\.test\.ts)` “([^”]+)”/g)]
    if (shown.length === 0) return [`no test shows: ${row.slice(0, 60)}`]
    return shown
      .filter(([, file = '', name = '']) => !testNames(file).includes(name))
      .map(([, file, name]) => `${file} has no test “${name}”`)
  })
  assert.deepEqual(wrong, [])
})
