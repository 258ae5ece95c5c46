import assert from 'node:assert/strict'
import { test } from 'node:test'
import { read, sourceFiles } from './sources.ts'

test('the sources speak the lexicon’s words', () => {
  const section = read('docs/glossary.md').split('## Not our words')[1]!
  const banned = [...section.matchAll(/^\| (?!not|-)([^|]+) \|/gm)].flatMap(([, cell]) => cell!.split(', '))
  assert.ok(banned.length > 5)
  const pattern = new RegExp(`\\b(${banned.join('|')})s?\\b`, 'i')
  const used = sourceFiles()
    .filter(path => /^packages\/[^/]+\/(src|bin)\//.test(path))
    .flatMap(path =>
      read(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    )
  assert.deepEqual(used, [])
})
