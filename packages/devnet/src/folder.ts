import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where devnet keeps everything. Without a path: a folder of its own that goes when devnet ends. */
export interface Folder {
  path: string
  close(): Promise<void>
}

export async function openFolder(path?: string): Promise<Folder> {
  if (path === undefined) {
    const temporary = await mkdtemp(join(tmpdir(), 'parley-devnet-'))
    return { path: temporary, close: () => rm(temporary, { recursive: true, force: true }) }
  }
  const kept = resolve(path)
  await mkdir(kept, { recursive: true, mode: 0o700 })
  return { path: kept, close: async () => {} }
}

/** A folder in `folder`, which goes with it. */
export async function openInside(folder: Folder, name: string): Promise<Folder> {
  return openFolder(join(folder.path, name))
}

/** What the PDS signs with. Made once per folder, so that sessions and accounts outlive a restart. */
export interface Secrets {
  jwtSecret: string
  dpopSecret: string
  adminPassword: string
  /** The key that may change every account's DID document, hex. */
  plcRotationKey: string
}

export function readSecrets(folder: Folder): Secrets {
  const kept = readJson<Secrets>(folder, 'secrets.json')
  if (kept) return kept
  const secrets = {
    jwtSecret: randomBytes(16).toString('hex'),
    dpopSecret: randomBytes(32).toString('hex'),
    adminPassword: randomBytes(16).toString('hex'),
    plcRotationKey: randomBytes(32).toString('hex'),
  }
  writeJson(folder, 'secrets.json', secrets)
  return secrets
}

export function readJson<T>(folder: Folder, name: string): T | undefined {
  const path = join(folder.path, name)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined
}

export function writeJson(folder: Folder, name: string, value: unknown): void {
  writeFileSync(join(folder.path, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
}
