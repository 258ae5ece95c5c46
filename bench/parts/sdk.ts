import { emptyProject } from '../../tools/build/installed/empty-project.ts'
import { canRun, nodes } from '../../tools/build/installed/nodes.ts'
import type { Budget, Findings } from '../report/findings.ts'
import { rounded } from '../report/print.ts'
import { importTimes } from '../sdk/import-times.ts'
import { programs } from '../sdk/programs.ts'
import { bundledBytes } from '../sdk/sizes.ts'
import type { Part } from './part.ts'

const kilobyte = 1024
const importMsMax = 120
const importsPerRound = 5

type Measured = Pick<Findings, 'tables' | 'budgets'>

export const sdk: Part = {
  name: 'sdk',
  what: 'what the SDK, built and installed, weighs in a browser and how fast it is imported',
  async run({ engine, rounds, quick }) {
    using project = emptyProject()
    await project.install(['@parley/lexicons', '@parley/sdk'])
    const sizes = await sizesIn(project.folder)
    const imports = await importsIn(project.folder, quick ? 1 : rounds * importsPerRound)
    return {
      part: 'sdk',
      engine,
      tables: [...sizes.tables, ...imports.tables],
      budgets: [...sizes.budgets, ...imports.budgets],
      notes: [
        'Sizes: what a page loads to begin with, minified and compressed with gzip. An export and the doctor are loaded later.',
        'Imports: medians of fresh processes, taking turns with empty ones.',
      ],
    }
  },
}

async function sizesIn(folder: string): Promise<Measured> {
  const budgets: Budget[] = []
  for (const [what, { source, bytesMax }] of Object.entries(programs)) {
    const here = (await bundledBytes(source, folder)) / kilobyte
    budgets.push({ what, here, must: bytesMax / kilobyte, unit: 'KB', lessIsBetter: true })
  }
  const rows = budgets.map(({ what, here }) => [what, rounded(here)])
  return { tables: [{ columns: ['program', 'KB'], rows }], budgets }
}

async function importsIn(folder: string, rounds: number): Promise<Measured> {
  const budgets: Budget[] = []
  const rows: (string | number)[][] = []
  for (const major of ['24', '20'].filter(canRun)) {
    const times = await importTimes(await nodes[major]!(), folder, rounds)
    const { importMs, processMs, emptyProcessMs } = times
    rows.push([`Node ${major}`, ...[importMs, processMs, emptyProcessMs].map(rounded)])
    budgets.push({
      what: `import of @parley/sdk on Node ${major}`,
      here: importMs,
      must: importMsMax,
      unit: 'ms',
      lessIsBetter: true,
    })
  }
  return { tables: [{ columns: ['import', 'ms', 'whole process', 'empty process'], rows }], budgets }
}
