/** Plays the scenes on a service anywhere: see `usage`. Ends with 0 where all held, 1 where some did not. */
import { parseArgs } from 'node:util'
import { subjects } from './all.ts'
import { accountsOf, newAccounts } from './network/account-source.ts'
import type { Service } from './network/service.ts'
import { NetworkStage } from './network/stage.ts'

const usage = `Usage: node conformance/scenes/run.ts --pds URL [options] [text]

Plays the scenes whose name or subject contains the text (default: all) on the chat service of a network, through its
PDS, with accounts made for it. The accounts stay, and their convos with them: for networks to try things on.

  --pds URL          the PDS of the accounts
  --chat-did DID     of the chat service (default: did:web:api.bsky.chat)
  --service URL      call the chat service there instead of through the PDS, with tokens that the PDS signs
  --accounts FILE    existing accounts that have never met, as [{"identifier": "...", "password": "..."}, ...];
                     their declarations, follows and blocks are changed
  --help             print this
`

interface CommandLine {
  service: Service
  accounts: string | undefined
  text: string
}

/** `undefined` where help was asked for. */
function readCommandLine(args: string[]): CommandLine | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      pds: { type: 'string' },
      'chat-did': { type: 'string', default: 'did:web:api.bsky.chat' },
      service: { type: 'string' },
      accounts: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { pds, 'chat-did': chatDid, service, accounts, help } = values
  if (help) return undefined
  if (!pds) throw new Error('--pds is missing')
  const direct = service !== undefined
  return {
    service: { pds, chatDid, url: service ?? urlOf(chatDid), direct },
    accounts,
    text: positionals.join(' '),
  }
}

/** A did:web is an address; on this machine, without TLS. */
function urlOf(did: string): string {
  const host = decodeURIComponent(did.slice('did:web:'.length))
  return `${host.startsWith('localhost') ? 'http' : 'https'}://${host}`
}

async function playAll({ service, accounts, text }: CommandLine): Promise<number> {
  const source = accounts === undefined ? await newAccounts(service.pds) : accountsOf(service.pds, accounts)
  const stage = await NetworkStage.open(service, source)
  let [held, failed] = [0, 0]
  for (const { title, scenes } of subjects) {
    for (const scene of scenes) {
      const name = `${title}: ${scene.name}`
      if (!name.includes(text)) continue
      try {
        await stage.play(scene)
        held += 1
        console.log(`held     ${name}`)
      } catch (error) {
        failed += 1
        console.log(`did not  ${name}\n${indented(reasonOf(error))}`)
      }
    }
  }
  if (held + failed === 0) throw new Error('no scene has that in its name; without a text all are played')
  console.log(`${held} held, ${failed} did not`)
  return failed
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : ` (${reasonOf(error.cause)})`
  return `${error.name}: ${error.message}${cause}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '         ')
}

try {
  const commandLine = readCommandLine(process.argv.slice(2))
  const failed = commandLine ? await playAll(commandLine) : 0
  if (!commandLine) process.stdout.write(usage)
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\nSee --help.\n`)
  process.exitCode = 2
}
// Connections that clients keep open would hold the process.
process.exit()
