import { everyday } from '../load/plan.ts'
import { startLineUp } from '../stacks/line-up.ts'
import { compare, comparisonTable, loadsOf, ratio } from './compare.ts'
import type { Part } from './part.ts'

/** The newest fifty messages of a convo, again and again of another. */
export const pages: Part = {
  name: 'pages',
  what: 'getMessages, pages of 50: floor, reference, ours',
  async run(options) {
    await using lineUp = await startLineUp(options, { messages: 60, withLog: false })
    const found = await compare(lineUp.stacks, { page: 1 }, options)
    return {
      part: 'pages',
      engine: options.engine,
      tables: [comparisonTable('pages of 50', found, 'reference', 'floor')],
      budgets: loadsOf(options).many.flatMap(inFlight => [
        {
          what: `pages of 50, ${inFlight} in flight, ours ÷ reference`,
          here: ratio(found, inFlight, 'ours', 'reference'),
          must: 8,
          unit: '×' as const,
        },
        {
          what: `pages of 50, ${inFlight} in flight, ours of the floor`,
          here: 100 * ratio(found, inFlight, 'ours', 'floor'),
          stretch: 70,
          unit: '%' as const,
        },
      ]),
      notes: ['The floor: node:http, native signatures, one indexed read, JSON.'],
    }
  },
}

/** What clients do most of the time: ask whether there is anything new when there is not. */
export const polls: Part = {
  name: 'polls',
  what: 'getLog with nothing new: floor, reference, ours',
  async run(options) {
    await using lineUp = await startLineUp(options, { messages: 2, withLog: !options.quick })
    const found = await compare(lineUp.stacks, { poll: 1 }, options)
    return {
      part: 'polls',
      engine: options.engine,
      tables: [comparisonTable('polls, nothing new', found, 'reference', 'floor')],
      budgets: loadsOf(options).many.map(inFlight => ({
        what: `polls, ${inFlight} in flight, ours of the floor`,
        here: 100 * ratio(found, inFlight, 'ours', 'floor'),
        must: 70,
        stretch: 90,
        unit: '%' as const,
      })),
      notes: [
        'The floor: node:http and native signatures; that nothing is new it knows without asking anybody.',
      ],
    }
  },
}

/** What real clients do, together. The floor has no lists, so it is not in it. */
export const mixed: Part = {
  name: 'mixed',
  what: '70 % polls, 15 % pages, 10 % sends, 5 % lists and unread counts: reference, ours',
  async run(options) {
    await using lineUp = await startLineUp(options, { messages: 60, withLog: !options.quick })
    const stacks = lineUp.stacks.filter(({ name }) => name !== 'floor')
    const found = await compare(stacks, everyday, options)
    return {
      part: 'mixed',
      engine: options.engine,
      tables: [comparisonTable('everyday mix', found, 'reference')],
      budgets: [],
      notes: ['Half of the pairs send and the other half polls, so that the polls find nothing new.'],
    }
  },
}
