import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { root } from './sources.ts'

function run(name: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(`node_modules/.bin/${name}`, args, {
    cwd: root,
    encoding: 'utf8',
  })
  return status === 0 ? '' : `${stdout}${stderr}${error ?? ''}`
}

test('the types hold', () => {
  assert.equal(run('tsc', '--noEmit'), '')
})

test('formatter and linter have nothing to say', () => {
  assert.equal(run('biome', 'check', '--error-on-warnings', '--colors=off'), '')
})
