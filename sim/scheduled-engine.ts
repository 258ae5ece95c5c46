import type { Changes, Engine, Loaded } from '../packages/service/src/store/engine.ts'
import type { Scope } from '../packages/service/src/store/scope.ts'

/** When what a process asks of its database happens. */
export interface Turns {
  /** Before it is done. */
  begin(what: 'read' | 'commit'): Promise<void>
  /** While the database is asked nothing else happens. */
  hold<T>(work: Promise<T>): Promise<T>
  /** Between the commit and its being known. */
  end(): Promise<void>
  /** Does the commit, or dies of it. */
  commit(commit: () => Promise<void>): Promise<void>
  /** What a batch changed. */
  changed(changes: Changes): void
}

/**
 * An engine whose every answer comes when the scheduler says so: reads of a call come apart, commits of others fall
 * between them. It stands before all methods of an engine alike, also those that come later.
 */
export function scheduledEngine(engine: Engine, turns: Turns): Engine {
  async function commit(scope: Required<Scope>, run: (loaded: Loaded) => Changes): Promise<void> {
    await turns.begin('commit')
    await turns.commit(() =>
      engine.commit(scope, loaded => {
        const changes = run(loaded)
        turns.changed(changes)
        return changes
      }),
    )
    await turns.end()
  }
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (name === 'commit') return commit
      if (typeof member !== 'function' || name === 'close') return member
      return async (...given: unknown[]) => {
        await turns.begin('read')
        return turns.hold(member.apply(target, given))
      }
    },
  })
}
