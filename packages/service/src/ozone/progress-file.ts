import { readFile, rename, writeFile } from 'node:fs/promises'
import { ConfigError } from '../config.ts'

/** A moment, kept in a file: one line that can be read, and set back, by hand. */
export interface ProgressFile {
  /** Milliseconds since the Unix epoch; `undefined` where there is no file yet. @throws ConfigError */
  read(): Promise<number | undefined>
  /** Whatever ends the process, the file holds the old moment or the new one. */
  write(timeMs: number): Promise<void>
}

export function openProgressFile(path: string): ProgressFile {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (text === undefined) return undefined
      const timeMs = /^\d{4}-\d\d-\d\dT[\d:.]+Z\n$/.test(text) ? Date.parse(text.trim()) : Number.NaN
      if (!Number.isNaN(timeMs)) return timeMs
      throw new ConfigError(
        `${path} holds no moment such as 2026-01-01T00:00:00.000Z: give PARLEY_OZONE_PROGRESS another path, or` +
          ' delete the file, and everything is looked at again, which does no harm',
      )
    },
    async write(timeMs) {
      const beside = `${path}.new`
      await writeFile(beside, `${new Date(timeMs).toISOString()}\n`, { flush: true })
      await rename(beside, path)
    },
  }
}
