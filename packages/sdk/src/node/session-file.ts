import { readFile } from 'node:fs/promises'
import { ChatError } from '../errors.ts'
import type { SessionData } from '../session-data.ts'
import type { SessionStore } from '../session-store.ts'
import { withFileLock } from './file-lock.ts'
import { replaceFile } from './replace-file.ts'

type Sessions = Record<string, SessionData>

/**
 * Keeps sessions in one JSON file that only its owner can read (mode 0600). A write goes to a new file that takes the
 * old one's place whole, so a crash leaves the one or the other. Several processes may share a file: locks beside it keep
 * their writes apart, and let one of them renew a session for all.
 */
export function fileSessionStore(path: string): SessionStore {
  let queue: Promise<unknown> = Promise.resolve()

  /** One after the other: each change reads the file, and two at once would lose one. */
  function change(edit: (sessions: Sessions) => void): Promise<void> {
    const changed = queue.then(() =>
      withFileLock(`${path}.lock`, async () => {
        const sessions = await readSessions(path)
        edit(sessions)
        await replaceFile(path, JSON.stringify(sessions, undefined, 2))
      }),
    )
    queue = changed.catch(() => {})
    return changed
  }

  return {
    load: async key => {
      await queue
      const sessions = await readSessions(path)
      return Object.hasOwn(sessions, key) ? sessions[key] : undefined
    },
    save: (key, session) =>
      change(sessions => {
        sessions[key] = session
      }),
    delete: key =>
      change(sessions => {
        delete sessions[key]
      }),
    withLock: (_key, work) => withFileLock(`${path}.renewing`, work),
  }
}

async function readSessions(path: string): Promise<Sessions> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  const sessions = jsonOrNone(text)
  if (typeof sessions === 'object' && sessions !== null && !Array.isArray(sessions))
    return sessions as Sessions
  throw new ChatError('invalid-input', `${path} is not a session file`, {
    hint: 'Remove the file and log in again.',
  })
}

/** Without the parser's own error: it would quote the file, and the file is secret. */
function jsonOrNone(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
