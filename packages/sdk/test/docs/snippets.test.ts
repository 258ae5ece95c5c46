import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isAs, type Snippet, snippetsOf } from './page.ts'
import { root, Workplace } from './workplace.ts'

const pages = ['packages/sdk/README.md', ...globSync('docs/sdk/*.md', { cwd: fileURLToPath(root) }).sort()]
const snippets = pages.flatMap(path => snippetsOf(root, path))

describe('snippets of the documentation', { concurrency: 2 }, () => {
  const workplace = new Workplace(snippets)
  after(() => workplace[Symbol.dispose]())

  let complaints: string[] = []
  before(async () => {
    complaints = await workplace.compile()
  })

  it('are there, and beside them the compiler has nothing to complain of', () => {
    assert.ok(snippets.length > 0)
    assert.deepEqual(
      complaints.filter(complaint => !snippets.some(snippet => isAbout(snippet, complaint))),
      [],
    )
  })

  for (const snippet of snippets)
    it(`${snippet.path}:${snippet.line} compiles, runs, and prints what it says`, async () => {
      assert.deepEqual(
        complaints.filter(complaint => isAbout(snippet, complaint)),
        [],
      )
      const { exitCode, printed, complaints: said } = await workplace.run(snippet)
      const where = `${snippet.path}:${snippet.line}`
      assert.equal(exitCode, 0, `${where} ${exitCode === undefined ? 'hangs' : 'fails'}\n${said}`)
      if (snippet.prints) assertPrints(snippet, snippet.prints, printed)
    })
})

/** A complaint begins with page and line. */
function isAbout({ path, line, code }: Snippet, complaint: string): boolean {
  const at = Number(complaint.startsWith(`${path}:`) && complaint.slice(path.length + 1).split(':')[0])
  return at >= line && at < line + code.split('\n').length
}

function assertPrints({ path, line }: Snippet, expected: string[], printed: string[]): void {
  const isSame =
    expected.length === printed.length && expected.every((said, index) => isAs(said, printed[index]!))
  if (!isSame) assert.deepEqual(printed, expected, `${path}:${line} prints something else`)
}
