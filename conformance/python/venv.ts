import { existsSync, readFileSync } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, runProgram } from '../run-program.ts'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
const folder = fileURLToPath(new URL('../.venv', import.meta.url))
const python = join(folder, 'bin', 'python')
/** Written last, so that a venv whose making was cut short is made anew. */
const madeFor = join(folder, 'requirements.txt')

/** No Python that could run the programs, or its package could not be fetched; `message` says what to do. */
export class NoPythonError extends Error {
  override readonly name = 'NoPythonError'
}

/** The Python interpreter with the pinned packages, kept beside the suites. Throws NoPythonError. */
export async function pythonWithPackages(): Promise<string> {
  if (existsSync(madeFor) && readFileSync(madeFor, 'utf8') === readFileSync(requirements, 'utf8'))
    return python
  await rm(folder, { recursive: true, force: true })
  await step('Install Python 3.10 or newer with its venv module (Debian: python3-venv).', {
    command: 'python3',
    args: ['-m', 'venv', folder],
  })
  await step(
    'The packages of conformance/python/requirements.txt come from a package index: is it reachable?',
    {
      command: python,
      args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
      env: pipSettings(),
    },
  )
  await copyFile(requirements, madeFor)
  return python
}

/** Where this machine has pip look for packages. */
function pipSettings(): Record<string, string> {
  const settings = Object.entries(process.env).filter(([name]) => /^PIP_|_proxy$|^SSL_CERT/i.test(name))
  return Object.fromEntries(settings.map(([name, value]) => [name, value ?? '']))
}

async function step(advice: string, program: Program): Promise<void> {
  const said = await runProgram(program).catch((error: Error) => ({ code: null, stderr: error.message }))
  if (said.code === 0) return
  const command = [program.command, ...program.args].join(' ')
  throw new NoPythonError(`${advice}\nWhat failed: ${command}\n${said.stderr}`)
}
