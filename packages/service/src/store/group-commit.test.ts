import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worksPerCommitMax, worksWaitingMax } from '../limits.ts'
import { GroupCommit } from './group-commit.ts'
import { MemoryEngine } from './memory/memory-engine.ts'

/** Counts what the engine beneath is asked to commit. */
class CountingEngine extends MemoryEngine {
  commits = 0

  override commit(...given: Parameters<MemoryEngine['commit']>): Promise<void> {
    this.commits += 1
    return super.commit(...given)
  }
}

test('works that arrive together share a commit, up to a limit; one alone has its own', async () => {
  const engine = new CountingEngine()
  const commits = new GroupCommit(engine, { now: () => 0 }, () => {})
  const transactMany = (count: number) =>
    Promise.all(Array.from({ length: count }, () => commits.transact({}, tx => tx.nextRev())))
  await transactMany(1)
  assert.equal(engine.commits, 1)
  const revs = await transactMany(worksPerCommitMax)
  assert.equal(engine.commits, 2)
  assert.equal(new Set(revs).size, worksPerCommitMax)
  await transactMany(worksPerCommitMax + 1)
  assert.equal(engine.commits, 4)
})

test('closing waits for what was asked', async () => {
  const commits = new GroupCommit(new MemoryEngine(), { now: () => 0 }, () => {})
  let done = false
  void commits
    .transact({}, () => {})
    .then(() => {
      done = true
    })
  await commits.idle()
  assert.equal(done, true)
})

test('whoever comes when too many wait is refused by name, and nobody else', async () => {
  const commits = new GroupCommit(new MemoryEngine(), { now: () => 0 }, () => {})
  const works = Array.from({ length: worksWaitingMax + 1 }, () => commits.transact({}, tx => tx.nextRev()))
  const outcomes = await Promise.allSettled(works)
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 1)
  await assert.rejects(works.at(-1)!, { name: 'ServiceUnavailable' })
})
