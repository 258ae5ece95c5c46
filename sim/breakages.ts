import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Changes, type Engine, type Loaded, noChanges } from '../packages/service/src/store/engine.ts'
import type { LogEntry } from '../packages/service/src/store/store.ts'
import { type Breakage, nothingBroken } from './breakage.ts'
import type { Database } from './database/database.ts'
import type { SqliteDatabase } from './database/sqlite-database.ts'
import { withoutLastCommit } from './database/sqlite-files.ts'

/** Services that break a promise each, for the simulation to find. */
export const breakages: Record<string, () => Breakage> = {
  'answers before it has committed': () => ({ ...nothingBroken, scheduled: answeringEarly }),
  'loses the last commit of its log file in a crash': () => ({
    ...nothingBroken,
    database: losingTheLastCommit,
  }),
  'does not look up idempotency keys': () => onLoad(loaded => ({ ...loaded, sentKeys: [] })),
  'hands out a rev twice': () => onLoad(loaded => ({ ...loaded, floor: 0 })),
  'forgets a log row for one member': () =>
    onWrite(changes => {
      const others = changes.log.filter(({ type }) => type !== 'createMessage')
      return changes.log.length - others.length === 2
        ? { ...changes, log: changes.log.slice(0, -1) }
        : changes
    }),
  'counts one unread too many after a crash': unreadAfterCrash,
  'does not drop what it has cached of a log': cachedLog,
  'accepts a cursor and begins before it': () =>
    onEngine(engine =>
      withMember(engine, 'log', (viewer, page) =>
        engine.log(viewer, { ...page, after: Math.max(0, page.after - 1) }),
      ),
    ),
  'does not cut histories where a member joined': () =>
    onEngine(engine =>
      withMember(engine, 'messages', (membership, page) =>
        engine.messages({ ...membership, viewer: { ...membership.viewer, visibleFrom: 0 } }, page),
      ),
    ),
  'writes another rev for a convo than for its log row': () =>
    onWrite(changes => ({
      ...changes,
      members: changes.members.map(side =>
        side.row ? { ...side, row: { ...side.row, rev: side.row.rev + 1 } } : side,
      ),
    })),
  'leaves members in who were taken out': () =>
    onWrite(changes => ({ ...changes, members: changes.members.filter(({ row }) => row !== undefined) })),
  'writes a message and not who has it unread': () =>
    onWrite(changes => (changes.messages.length > 1 ? { ...changes, members: [] } : changes)),
  'does not erase what a deleted account wrote': () => onWrite(changes => ({ ...changes, erased: [] })),
  'does not hide what was deleted for oneself': () => onWrite(changes => ({ ...changes, hidden: [] })),
}

/** Says that it is done as soon as the work has run, and commits what came of it later. */
function answeringEarly(engine: Engine): Engine {
  return withCommit(engine, async (scope, run) => {
    const notYet = new Error('not yet')
    let changes = noChanges()
    const trying = engine.commit(scope, loaded => {
      changes = run(loaded)
      throw notYet
    })
    await trying.catch((error: unknown) => {
      if (error !== notYet) throw error
    })
    engine.commit(scope, () => changes).catch(() => {})
  })
}

/** What was synced to disk is not there after a crash. */
function losingTheLastCommit(database: Database): Database {
  return withMember(database, 'open', async () => {
    const path = `${(database as SqliteDatabase).path}-wal`
    if (existsSync(path)) writeFileSync(path, withoutLastCommit(readFileSync(path)))
    return database.open()
  })
}

function unreadAfterCrash(): Breakage {
  let lives = 0
  return {
    ...nothingBroken,
    engine(engine) {
      lives += 1
      let isFirst = lives > 1
      return withCommit(engine, (scope, run) =>
        engine.commit(scope, loaded => {
          const more = isFirst ? 1 : 0
          isFirst = isFirst && loaded.members.length === 0
          return run({
            ...loaded,
            members: loaded.members.map(member => ({ ...member, unread: member.unread + more })),
          })
        }),
      )
    },
  }
}

function cachedLog(): Breakage {
  return onEngine(engine => {
    const cached = new Map<string, LogEntry[]>()
    return withMember(engine, 'log', async (viewer, page) => {
      const key = `${viewer} ${page.after}`
      const rows = cached.get(key) ?? (await engine.log(viewer, page))
      cached.set(key, rows)
      return rows
    })
  })
}

function onLoad(change: (loaded: Loaded) => Loaded): Breakage {
  return onEngine(engine =>
    withCommit(engine, (scope, run) => engine.commit(scope, loaded => run(change(loaded)))),
  )
}

function onWrite(change: (changes: Changes) => Changes): Breakage {
  return onEngine(engine =>
    withCommit(engine, (scope, run) => engine.commit(scope, loaded => change(run(loaded)))),
  )
}

function onEngine(engine: Breakage['engine']): Breakage {
  return { ...nothingBroken, engine }
}

function withCommit(engine: Engine, commit: Engine['commit']): Engine {
  return withMember(engine, 'commit', commit)
}

function withMember<T extends object, K extends keyof T>(whole: T, name: K, member: T[K]): T {
  return new Proxy(whole, {
    get(target, asked) {
      if (asked === name) return member
      const own: unknown = Reflect.get(target, asked)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}
