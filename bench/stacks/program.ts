import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Did } from '@atcute/lexicons/syntax'
import { outliveNobody } from '@parley/testing/outlive-nobody.ts'
import type { Stage } from '../load/plan.ts'
import type { Stack, StackOptions } from './stack.ts'

/** Who the servers are that are measured beside ours. */
export const programDid: Did = 'did:web:bench.test'

/** What such a program is started with, and the line that it prints when it listens. */
export interface ProgramOptions {
  database: string
  accounts: number
  messages: number
}
type Listening = Pick<Stage, 'convoIds' | 'cursors'> & { port: number }

/** In the program: its options. */
export function programOptions(): ProgramOptions {
  return JSON.parse(process.argv[2]!) as ProgramOptions
}

/** In the program: listens on the loopback address and says so. */
export async function listen(server: Server, stage: Pick<Stage, 'convoIds' | 'cursors'>): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ port, ...stage } satisfies Listening))
}

/** Starts a program beside this file. */
export async function startProgram(name: string, options: StackOptions): Promise<Stack> {
  const { accounts, messages, folder } = options
  const path = fileURLToPath(new URL(`${name}/program.ts`, import.meta.url))
  const settings: ProgramOptions = { database: `${folder}/${name}.sqlite`, accounts, messages }
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' }
  const child = spawn(process.execPath, [path, JSON.stringify(settings)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  outliveNobody(child)
  const { port, convoIds, cursors } = await firstLine(child)
  return {
    name,
    pids: [child.pid!],
    port,
    did: programDid,
    stage: { accounts, convoIds, cursors },
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

async function firstLine(child: ChildProcess): Promise<Listening> {
  const line = once(createInterface(child.stdout!), 'line').then(([text]) => JSON.parse(text) as Listening)
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the program ended with code ${code} before it listened`)
  })
  // Afterwards its end is no news.
  ended.catch(() => {})
  return Promise.race([line, ended])
}
