import { describe, test } from 'node:test'
import { memoryStore } from '../packages/service/src/store/memory/memory-store.ts'
import { openSqliteStore } from '../packages/service/src/store/sqlite/sqlite-store.ts'
import { subjects } from './scenes/all.ts'
import { playInProcess } from './scenes/in-process.ts'

const stores: [string, Parameters<typeof playInProcess>[1]][] = [
  ['memory', memoryStore],
  ['SQLite', clock => openSqliteStore({ path: ':memory:', clock })],
]
for (const [name, open] of stores) {
  describe(`scenes in process, on ${name}`, () => {
    for (const { title, scenes } of subjects) {
      describe(title, () => {
        for (const scene of scenes) test(scene.name, () => playInProcess(scene, open))
      })
    }
  })
}
