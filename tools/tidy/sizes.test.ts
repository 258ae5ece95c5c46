import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, read, sourceFiles } from './sources.ts'

const sourceLinesMax = 300
const testLinesMax = 500

test('a source has at most 300 lines, a test 500', () => {
  const tooLong = sourceFiles().flatMap(path => {
    const lines = read(path).split('\n').length - 1
    return lines > (isTest(path) ? testLinesMax : sourceLinesMax) ? [`${path}: ${lines}`] : []
  })
  assert.deepEqual(tooLong, [])
})

test('half of the sources fit on a screen of 80 lines', () => {
  const lengths = sourceFiles()
    .filter(path => !isTest(path))
    .map(path => read(path).split('\n').length - 1)
    .sort((a, b) => a - b)
  assert.ok(
    lengths[Math.floor(lengths.length / 2)]! <= 80,
    `median is ${lengths[Math.floor(lengths.length / 2)]}`,
  )
})
