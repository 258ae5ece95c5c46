import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { PartOptions } from './parts/part.ts'
import type { Engine } from './report/findings.ts'

export interface Options extends PartOptions {
  /** Names of parts; none for all. */
  parts: string[]
}

/** Throws a sentence where an argument is none of ours. */
export function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'sqlite' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      folder: { type: 'string', default: join(tmpdir(), 'parley-bench') },
    },
  })
  const { quick, engine, folder } = values
  if (engine !== 'sqlite' && engine !== 'postgres') throw new Error('--engine is sqlite or postgres')
  return {
    parts: positionals,
    quick,
    engine: engine satisfies Engine,
    folder,
    rounds: readNumber('rounds', values.rounds) ?? (quick ? 1 : 4),
    seconds: readNumber('seconds', values.seconds) ?? (quick ? 0.2 : 4),
  }
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (number > 0) return number
  throw new Error(`--${name} is a number above 0`)
}
