import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { interleaved, median } from '../measure/statistics.ts'

const run = promisify(execFile)

/** Medians, in ms. */
export interface ImportTimes {
  /** What the import itself takes. */
  importMs: number
  /** The whole process that imports and ends. */
  processMs: number
  /** The floor: one that does nothing. */
  emptyProcessMs: number
}

const importing = `const startMs = performance.now()
  await import('@parley/sdk')
  console.log(performance.now() - startMs)`

/** How long this Node takes for the SDK that is installed in the folder, in fresh processes. */
export async function importTimes(node: string, folder: string, rounds: number): Promise<ImportTimes> {
  const imports: number[] = []
  const processes: number[] = []
  const emptyProcesses: number[] = []
  for (const program of interleaved([importing, ''], rounds)) {
    const startMs = performance.now()
    const { stdout } = await run(node, ['--input-type=module', '--eval', program], { cwd: folder })
    const took = performance.now() - startMs
    if (program === '') emptyProcesses.push(took)
    else {
      processes.push(took)
      imports.push(Number(stdout))
    }
  }
  return {
    importMs: median(imports),
    processMs: median(processes),
    emptyProcessMs: median(emptyProcesses),
  }
}
