import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export const root = new URL('../../', import.meta.url)

/** Files of the repository that git knows or would know, by path from the root. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  })
  return [...new Set(listed.toString().split('\n'))].filter(path => path !== '' && exists(path))
}

export function sourceFiles(): string[] {
  return repositoryFiles().filter(path =>
    /^(packages|tools|conformance|testing|bench|faults|sim|examples)\/.*\.ts$/.test(path),
  )
}

export function isTest(path: string): boolean {
  return (
    path.endsWith('.test.ts') ||
    /\/(test|testing|contract)\//.test(path) ||
    /^(conformance|testing|bench|faults|sim)\//.test(path)
  )
}

export function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

/** What a source imports, as written. */
export function importsOf(path: string): string[] {
  const statement = /^(?:import|export)\b[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gms
  return [...read(path).matchAll(statement)].map(match => (match[1] ?? match[2] ?? match[3])!)
}

function exists(path: string): boolean {
  try {
    read(path)
    return true
  } catch {
    return false
  }
}
