import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Programs as users write them, and what they may weigh in a browser: minified and compressed, in bytes. */
export const programs = {
  'layer 1: the calls alone': {
    source: `import { BaseClient } from '@parley/sdk/base'
      const client = new BaseClient()
      await client.login('me', 'password')
      console.log(await client.chat.bsky.convo.listConvos())`,
    bytesMax: 20 * 1024,
  },
  'layers 1 and 2: conversations and events': {
    source: `import { Client, IdResolver } from '@parley/sdk'
      const client = new Client()
      await client.login('me', 'password')
      console.log(new IdResolver())
      for await (const event of client.dm.events()) console.log(event)`,
    bytesMax: 35 * 1024,
  },
} as const

/** What a program weighs, with everything that it imports. */
export async function bundledBytes(source: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  })
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length
}
