import { type FileHandle, open, rename, rm } from 'node:fs/promises'

/** A file that is there whole or not at all. */
export interface LineFile {
  write(text: string): Promise<void>
  /** Gives it its name, in place of what had it before. */
  keep(): Promise<void>
  /** Removes what was written, unless it was kept. */
  discard(): Promise<void>
}

/** Begins a file that only its owner can read (mode 0600): messages are private. */
export async function lineFile(path: string): Promise<LineFile> {
  const part = `${path}.part`
  await rm(part, { force: true }) // left by a crash, perhaps with another mode
  let file: FileHandle | undefined = await open(part, 'wx', 0o600)
  return {
    write: async text => {
      await file?.writeFile(text)
    },
    async keep() {
      await file?.sync()
      await file?.close()
      file = undefined
      await rename(part, path)
    },
    async discard() {
      if (file === undefined) return
      await file.close()
      file = undefined
      await rm(part, { force: true })
    },
  }
}
