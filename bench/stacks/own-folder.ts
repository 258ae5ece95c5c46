import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface OwnFolder extends AsyncDisposable {
  path: string
}

/** A new folder in `folder`, gone with all in it when it is disposed of. */
export async function ownFolder(folder: string, name: string): Promise<OwnFolder> {
  const path = await mkdtemp(join(folder, `${name}-`))
  // Servers that do not run as root have folders of their own in it.
  await chmod(path, 0o711)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
