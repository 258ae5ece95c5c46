import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Command } from 'commander'
import { placesOf } from '../src/completion/tree.ts'
import { programFor } from '../src/program.ts'
import { Gathering, Stage } from './stage.ts'

await using stage = await Stage.open()
const program = programFor(stage.world([], {}, new Gathering(), new Gathering()))
const places = placesOf(program)

/** Of all commands, without aliases. */
function namesOf(command: Command, before = ''): string[] {
  const name = `${before}${command.name()}`
  return [name, ...command.commands.flatMap(one => namesOf(one, `${name} `))]
}

describe('help', () => {
  test('has a description and an example for every command', async () => {
    for (const { path } of places) {
      const { code, stdout } = await stage.parley([...path.split(' ').slice(1), '--help'])
      assert.equal(code, 0, path)
      assert.match(stdout, /\nExamples:\n {2}\$ .*parley/, path)
      assert.match(stdout, /^Usage: parley.*\n\n\S/, path)
    }
  })

  test('is in the document, too', () => {
    const document = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8')
    assert.deepEqual(
      namesOf(program).filter(name => !document.includes(`\`${name}`)),
      [],
    )
  })

  test('says which version it is', async () => {
    assert.match((await stage.parley(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/)
  })
})

describe('completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-completion-'))
  after(() => rmSync(folder, { recursive: true }))

  async function script(shell: string): Promise<string> {
    const path = join(folder, shell)
    writeFileSync(path, (await stage.parley(['completion', shell])).stdout)
    return path
  }

  const lines: [line: string[], offered: string[]][] = [
    [['gr'], ['groups']],
    [['groups', 'cre'], ['create']],
    [['ls', '--un'], ['--unread']],
    [['--account', 'alice.test', 'requests', 'acc'], ['accept']],
    [
      ['groups', 'link', 'x', '--join-rule', ''],
      ['anyone', 'followedByOwner'],
    ],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['tail', '--cursor-file', join(folder, 'no')], [join(folder, 'notes')]],
    [['ls', '$(touch pwned)', ''], []],
  ]
  writeFileSync(join(folder, 'notes'), '')

  test('completes in bash', async () => {
    const path = await script('bash')
    for (const [line, offered] of lines) {
      const asked =
        'source "$0"; COMP_WORDS=(parley "$@"); COMP_CWORD=$#; _parley 2>/dev/null; declare -p COMPREPLY'
      const found = execFileSync('bash', ['-c', asked, path, ...line], { cwd: folder, encoding: 'utf8' })
      const words = [...found.matchAll(/\]="([^"]*)"/g)].map(([, word]) => word)
      assert.deepEqual(words.sort(), offered, line.join(' '))
    }
  })

  test('completes in fish', async context => {
    if (spawnSync('fish', ['--version']).error) return context.skip('there is no fish on this machine')
    const path = await script('fish')
    for (const [line, offered] of lines) {
      const asked = `source '${path}'; complete -C 'parley ${line.join(' ')}'`
      const found = execFileSync('fish', ['-c', asked], { cwd: folder, encoding: 'utf8' })
      const words = found.split('\n').flatMap(one => one.split('\t')[0] || [])
      assert.deepEqual(words.sort(), offered, line.join(' '))
    }
  })

  test('is a script that zsh can read', async context => {
    if (spawnSync('zsh', ['--version']).error) return context.skip('there is no zsh on this machine')
    const { status, stderr } = spawnSync('zsh', ['-n', await script('zsh')], { encoding: 'utf8' })
    assert.deepEqual([status, stderr], [0, ''])
  })

  test('knows no other shell', async () => {
    assert.equal((await stage.parley(['completion', 'cmd'])).code, 2)
  })
})
