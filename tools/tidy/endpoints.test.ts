import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpoints } from '../../packages/service/src/endpoints/index.ts'
import { sourceFiles } from './sources.ts'

test('every endpoint file is in the list, under the name of its method', () => {
  const folder = 'packages/service/src/endpoints/'
  const files = sourceFiles().filter(path => path.startsWith(`${folder}chat/`))
  const methods = files.map(path => path.slice(folder.length, -'.ts'.length).replaceAll('/', '.'))
  assert.deepEqual(endpoints.map(({ schema }) => schema.nsid).sort(), methods.sort())
})
