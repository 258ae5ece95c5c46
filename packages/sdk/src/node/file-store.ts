import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyValueStore } from '../key-value-store.ts'
import { replaceFile } from './replace-file.ts'

/** Keeps each value as a JSON file in a folder. One process per folder. */
export function fileStore(folder: string): KeyValueStore {
  // Keys are anybody's text; names of files are not.
  const pathOf = (key: string) => join(folder, `${createHash('sha256').update(key).digest('hex')}.json`)
  return {
    async get(key) {
      try {
        return JSON.parse(await readFile(pathOf(key), 'utf8'))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    set: (key, value) => replaceFile(pathOf(key), JSON.stringify(value)),
    delete: key => rm(pathOf(key), { force: true }),
  }
}
