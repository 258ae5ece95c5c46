import { startLineUp } from '../stacks/line-up.ts'
import { compare, comparisonTable, figure, loadsOf, ratio } from './compare.ts'
import type { Part } from './part.ts'

/** Durable sends into direct convos, each with a fresh token, through the whole edge. */
export const sends: Part = {
  name: 'sends',
  what: 'durable sends: floor, reference, ours',
  async run(options) {
    await using lineUp = await startLineUp(options, { messages: 2, withLog: !options.quick })
    const found = await compare(lineUp.stacks, { send: 1 }, options)
    return {
      part: 'sends',
      engine: options.engine,
      tables: [comparisonTable('sends', found, 'reference', 'floor')],
      budgets: loadsOf(options).many.flatMap(inFlight => [
        {
          what: `sends, ${inFlight} in flight, ours ÷ reference`,
          here: ratio(found, inFlight, 'ours', 'reference'),
          must: 8,
          unit: '×' as const,
        },
        {
          what: `sends, ${inFlight} in flight, ours of the floor`,
          here: 100 * ratio(found, inFlight, 'ours', 'floor'),
          stretch: 70,
          unit: '%' as const,
        },
        {
          what: `sends, ${inFlight} in flight, written to disk for each`,
          here: figure(found, inFlight, 'ours', run => run.writtenBytesPerCall) / 1024,
          must: 16,
          stretch: 10,
          unit: 'KB' as const,
          lessIsBetter: true as const,
        },
      ]),
      notes: [
        'Every acknowledged message was read again afterwards.',
        '`ours` logs at `warn`; `ours, info` writes a line per request to a file.',
      ],
    }
  },
}
