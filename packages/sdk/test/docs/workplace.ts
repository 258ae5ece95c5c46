import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Snippet } from './page.ts'

export const root = new URL('../../../../', import.meta.url)

const here = dirname(fileURLToPath(import.meta.url))
const hangsAfterMs = 60_000

export interface Ran {
  /** `undefined` where it had to be killed. */
  exitCode: number | undefined
  printed: string[]
  /** What it said on its standard error. */
  complaints: string
}

/** A folder outside of the repository, in which snippets are programs as a user has them. */
export class Workplace implements Disposable {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-snippets-')))

  constructor(snippets: readonly Snippet[]) {
    symlinkSync(fileURLToPath(new URL('node_modules', root)), join(this.#folder, 'node_modules'))
    const settings = {
      extends: fileURLToPath(new URL('tsconfig.json', root)),
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ['*/*.ts'],
    }
    writeFileSync(join(this.#folder, 'tsconfig.json'), JSON.stringify(settings))
    writeFileSync(join(this.#folder, 'package.json'), JSON.stringify({ type: 'module' }))
    for (const snippet of snippets) {
      mkdirSync(dirname(this.#pathOf(snippet)), { recursive: true })
      writeFileSync(this.#pathOf(snippet), programOf(snippet))
    }
  }

  /** What the compiler has against the snippets; each line begins with page and line. */
  async compile(): Promise<string[]> {
    const tsc = fileURLToPath(new URL('node_modules/.bin/tsc', root))
    const { printed } = await run(tsc, ['-p', this.#folder, '--pretty', 'false'], this.#folder)
    return printed.map(line =>
      line.replace(/^([^/]+)\/snippet\.ts\((\d+),\d+\)/, (_, folder, at) => {
        const path = folder.split('--')[0].replaceAll('+', '/')
        return `${path}:${at}`
      }),
    )
  }

  run(snippet: Snippet): Promise<Ran> {
    const path = this.#pathOf(snippet)
    const world = join(here, 'world.ts')
    const { scenario, prints = [] } = snippet
    return run(process.execPath, ['--import', world, path], dirname(path), {
      SNIPPET_SCENARIO: JSON.stringify(scenario),
      SNIPPET_LINES: String(prints.length),
    })
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #pathOf({ path, line }: Snippet): string {
    return join(this.#folder, `${path.replaceAll('/', '+')}--${line}`, 'snippet.ts')
  }
}

/** The code at the line where it stands on the page, so that whoever complains about it names that. */
function programOf({ line, code, scenario: { given } }: Snippet): string {
  const first = given.length > 0 ? `import { ${given.join(', ')} } from '${join(here, 'given.ts')}'` : ''
  return `${first}${'\n'.repeat(line - 1)}${code}\nexport {}\n`
}

function run(command: string, args: string[], cwd: string, env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), hangsAfterMs)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      clearTimeout(timer)
      const printed = stdout === '' ? [] : stdout.replace(/\n$/, '').split('\n')
      resolve({ exitCode: code ?? undefined, printed, complaints: stderr })
    })
  })
}
