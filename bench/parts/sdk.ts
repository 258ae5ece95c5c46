import type { Budget } from '../report/findings.ts'
import { rounded } from '../report/print.ts'
import { bundledBytes, programs } from '../sdk/sizes.ts'
import type { Part } from './part.ts'

const kilobyte = 1024

export const sdk: Part = {
  name: 'sdk',
  what: 'what programs that use the SDK weigh in a browser',
  async run({ engine }) {
    const sizes = await Promise.all(
      Object.entries(programs).map(async ([what, { source, bytesMax }]) => {
        return { what, here: (await bundledBytes(source)) / kilobyte, must: bytesMax / kilobyte }
      }),
    )
    return {
      part: 'sdk',
      engine,
      tables: [{ columns: ['program', 'KB'], rows: sizes.map(({ what, here }) => [what, rounded(here)]) }],
      budgets: sizes.map((size): Budget => ({ ...size, unit: 'KB', lessIsBetter: true })),
      notes: ['Everything that it imports in one file, minified and compressed with gzip.'],
    }
  },
}
