import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sdkReference } from './reference.ts'

const root = new URL('../../', import.meta.url)
const { entries, pages } = sdkReference()

test('the reference of the SDK says what the sources say; else run `npm run docs`', () => {
  const outdated = [...pages].flatMap(([path, text]) => {
    const url = new URL(path, root)
    return existsSync(url) && readFileSync(url, 'utf8') === text ? [] : [path]
  })
  assert.deepEqual(outdated, [])
})

test('everything that the SDK exports has a docstring, and so has every method', () => {
  const silent = new Set(
    entries.flatMap(({ items }) =>
      items.flatMap(({ name, source, about, members }) => [
        ...(about === '' ? [`${source}: ${name}`] : []),
        ...members
          .filter(member => member.isMethod && member.about === '')
          .map(({ signature }) => `${source}: ${name}.${signature}`),
      ]),
    ),
  )
  assert.deepEqual([...silent], [])
})
