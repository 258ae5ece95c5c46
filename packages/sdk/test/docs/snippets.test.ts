import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isAs, type Snippet, snippetsOf } from './page.ts'
import { root, Workplace } from './workplace.ts'

const pages = ['packages/sdk/README.md', ...globSync('docs/sdk/*.md', { cwd: fileURLToPath(root) }).sort()]
const snippets = pages.flatMap(path => snippetsOf(root, path))

describe('snippets of the documentation', { concurrency: 2 }, () => {
  const workplace = new Workplace(snippets)
  after(() => workplace[Symbol.dispose]())

  it('compile', async () => {
    assert.ok(snippets.length > 0)
    assert.deepEqual(await workplace.compile(), [])
  })

  for (const snippet of snippets)
    it(`${snippet.path}:${snippet.line} runs, and prints what it says`, async () => {
      const { exitCode, printed, complaints } = await workplace.run(snippet)
      const where = `${snippet.path}:${snippet.line}`
      assert.equal(exitCode, 0, `${where} ${exitCode === undefined ? 'hangs' : 'fails'}\n${complaints}`)
      if (snippet.prints) assertPrints(snippet, snippet.prints, printed)
    })
})

function assertPrints({ path, line }: Snippet, expected: string[], printed: string[]): void {
  const isSame =
    expected.length === printed.length && expected.every((said, index) => isAs(said, printed[index]!))
  if (!isSame) assert.deepEqual(printed, expected, `${path}:${line} prints something else`)
}
