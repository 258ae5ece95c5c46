/** Plays the scenes on a service anywhere: see `usage`. */
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
  if (help || !pds) return undefined
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
  console.log(`${held} held, ${failed} did not`)
  return failed
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '         ')
}

const commandLine = readCommandLine(process.argv.slice(2))
if (!commandLine) {
  process.stderr.write(usage)
  process.exit(2)
}
const failed = await playAll(commandLine)
process.exit(failed === 0 ? 0 : 1)
