import { readFile } from 'node:fs/promises'
import type { CursorStore } from '../log/cursor-store.ts'
import { replaceFile } from './replace-file.ts'

/** Keeps how far a stream of events has come in a file. Whatever ends the process, it goes on from there. */
export function fileCursorStore(path: string): CursorStore {
  return {
    async load() {
      try {
        return (await readFile(path, 'utf8')).trim() || undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    save: cursor => replaceFile(path, `${cursor}\n`),
  }
}
