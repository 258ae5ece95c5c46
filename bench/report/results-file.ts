import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Findings } from './findings.ts'

interface Results {
  [partAndEngine: string]: Findings & { measuredAt: string; machine: string }
}

const path = new URL('../results/latest.json', import.meta.url)

/** Puts what a part found in the place of what it found before; other parts' findings stay. */
export function keep(findings: Findings): void {
  const results: Results = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`
  results[`${findings.part} ${findings.engine}`] = {
    ...findings,
    measuredAt: new Date().toISOString(),
    machine,
  }
  mkdirSync(new URL('.', path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
}
