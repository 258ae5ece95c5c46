import { parseArgs } from 'node:util'
import { DevnetError } from './errors.ts'
import type { Ports } from './ports.ts'

/** What the command was asked to do. */
export interface CommandLine {
  help: boolean
  /** One line for programs instead of a table for people. */
  json: boolean
  untilStdinCloses: boolean
  dataDir?: string
  /** Free ports where left out. */
  ports: Partial<Ports>
}

/** Where people find devnet unless they choose. */
const portsForPeople: Ports = { plc: 2582, pds: 2583, web: 2584, chat: 2590 }

export const usage = `Usage: npm start -- [options]
       npm run -s devnet -- --json [options]

Runs a whole AT Protocol network on this machine: PLC directory, PDS, chat service, three accounts.
It stays until Ctrl-C. Everything listens on 127.0.0.1 only.

  --json                 print one line of JSON when ready, nothing else, on standard output
  --data DIR             keep the data in DIR and continue from it (default: a temporary folder)
  --ports free           choose free ports (default with --json)
  --ports NAME=N,...     choose ports by name: plc, pds, chat, web
                         (default for people: ${Object.entries(portsForPeople)
                           .map(pair => pair.join('='))
                           .join(',')})
  --until-stdin-closes   end when standard input ends, so that a program that dies leaves nothing behind
  --help                 print this
`

/** An argument that the command does not understand. */
export class UsageError extends DevnetError {
  override readonly name = 'UsageError'
}

/** Throws UsageError. */
export function parseCommandLine(args: string[]): CommandLine {
  const { help, json, data, ports, 'until-stdin-closes': untilStdinCloses } = readOptions(args)
  return {
    help,
    json,
    untilStdinCloses,
    ...(data !== undefined && { dataDir: data }),
    ports: parsePorts(ports, json ? {} : portsForPeople),
  }
}

function readOptions(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        data: { type: 'string' },
        ports: { type: 'string' },
        'until-stdin-closes': { type: 'boolean', default: false },
      },
    })
    return values
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause })
  }
}

function parsePorts(text: string | undefined, defaults: Partial<Ports>): Partial<Ports> {
  if (text === undefined) return defaults
  if (text === 'free') return {}
  const ports = { ...defaults }
  for (const pair of text.split(',')) {
    const [, name, number] = /^(plc|pds|chat|web)=(\d{1,5})$/.exec(pair) ?? []
    if (!name || Number(number) > 65_535) throw new UsageError(`--ports: "${pair}" is not like pds=2583`)
    ports[name as keyof Ports] = Number(number)
  }
  return ports
}
