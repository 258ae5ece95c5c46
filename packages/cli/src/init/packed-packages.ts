import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CliError } from '../errors.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** All that a tarball depends on; `node_modules` is what the lockfile says. */
const inputs = ['packages', 'tools', 'package-lock.json', 'tsconfig.json', 'LICENSE']

/**
 * The folder of the tarballs of all packages as their sources are now. Building takes long: for each state of the sources
 * it is done once, and kept among the temporary files of this user.
 */
export async function packedPackages(): Promise<string> {
  const cache = await cacheFolder()
  const kept = join(cache, await hashOfSources())
  if (await lstat(kept).catch(() => undefined)) return kept
  const part = await mkdtemp(join(cache, 'part-'))
  try {
    await promisify(execFile)(process.execPath, [join(root, 'tools/build.ts'), '--pack', part])
    // Where somebody else was faster, theirs are as good.
    await rename(part, kept).catch(error => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return kept
}

/** Throws CliError `failed` where others could put something there. */
async function cacheFolder(): Promise<string> {
  const { uid } = userInfo()
  const path = join(tmpdir(), `parley-packed-${uid}`)
  await mkdir(path, { mode: 0o700 }).catch(error => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(path)
  const isWindows = uid < 0 // where temporary files are the user's own
  if (isWindows || (found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0)) return path
  throw new CliError('failed', `${path} is not yours alone`, 'Remove it, or set TMPDIR to a folder of yours.')
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of await filesOf(inputs))
    hash
      .update(path)
      .update('\0')
      .update(await readFile(path))
  return hash.digest('hex')
}

async function filesOf(names: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of names) {
    const path = join(root, name)
    if (!(await lstat(path)).isDirectory()) found.push(path)
    else {
      const inside = (await readdir(path)).filter(one => one !== 'node_modules')
      found.push(...(await filesOf(inside.map(one => join(name, one)))))
    }
  }
  return found.sort()
}
