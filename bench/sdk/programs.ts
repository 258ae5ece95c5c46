import { readFileSync } from 'node:fs'

const kilobyte = 1024

export interface Program {
  source: string
  /** What it may weigh in a browser: minified and compressed. */
  bytesMax: number
}

/** Programs as users write them. */
export const programs: Record<string, Program> = {
  'layer 1: the calls alone': {
    source: `import { BaseClient } from '@parley/sdk/base'
      const client = new BaseClient()
      await client.login('me', 'password')
      console.log(await client.chat.bsky.convo.listConvos())`,
    bytesMax: 20 * kilobyte,
  },
  'examples/direct-messages.ts on layer 1': { source: exampleOnLayer1(), bytesMax: 20 * kilobyte },
  'layers 1 and 2: conversations and events': {
    source: `import { Client, IdResolver } from '@parley/sdk'
      const client = new Client()
      await client.login('me', 'password')
      console.log(new IdResolver())
      for await (const event of client.dm.events()) console.log(event)`,
    bytesMax: 35 * kilobyte,
  },
}

/** The example, which uses layer 1 only, with its import as a page would have it. */
function exampleOnLayer1(): string {
  const example = readFileSync(new URL('../../examples/direct-messages.ts', import.meta.url), 'utf8')
  const [asWritten, asMeant] = [
    `{ Client, IdResolver } from '@parley/sdk'`,
    `{ BaseClient as Client, IdResolver } from '@parley/sdk/base'`,
  ]
  if (!example.includes(asWritten)) throw new Error(`The example has no ${asWritten} any more`)
  return example.replace(asWritten, asMeant)
}
