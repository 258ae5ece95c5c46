/**
 * Runs every *.test.ts below the named folders (default: the whole repository), two files at a time, and ends
 * with a line `N passed, N failed`.
 *
 *   node tools/test.ts [folder …]
 */
import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const folders =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ['tools', 'packages', 'bench', 'faults', 'sim', 'conformance']
const files = folders
  .flatMap(folder => globSync(folder.endsWith('.test.ts') ? folder : `${folder}/**/*.test.ts`))
  .filter(file => !file.includes('node_modules'))
if (files.length === 0) {
  console.error(`No *.test.ts below ${folders.join(', ')}`)
  process.exit(1)
}

// No more at a time: several boot a whole network, and two cores are what everybody has.
const filesAtOnce = 2
// A file that hangs fails after this, instead of holding up everything. The longest, the fuzzer, takes two minutes
// on two cores of its own, and several times that where they are shared.
const fileTimeoutMs = 20 * 60_000
const events = run({ files, concurrency: filesAtOnce, forceExit: true, timeout: fileTimeoutMs })
let [passed, failed, skipped] = [0, 0, 0]
events.on('test:summary', ({ file, counts }) => {
  if (file !== undefined) return
  passed = counts.passed
  skipped = counts.skipped
  failed = counts.tests - passed - skipped
})
events.compose(new spec()).pipe(process.stdout)
events.on('end', () => {
  // After the reporter's own last lines.
  setImmediate(() => {
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
    process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  })
})
