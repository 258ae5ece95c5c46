import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Devnet } from '@parley/devnet'
import { outliveNobody } from '@parley/testing/outlive-nobody.ts'
import type { Labeler } from './labeler.ts'
import { adminPassword } from './ozone.ts'

const command = fileURLToPath(new URL('../../packages/service/bin/parley-ozone-access.js', import.meta.url))

/** `parley-ozone-access` as an operator runs it, beside Ozone and with Ozone's environment. */
export class AccessProgram implements AsyncDisposable {
  /** What it has written to its log. */
  log = ''
  readonly #env: Record<string, string>
  #child: ChildProcess | undefined

  static async create(options: {
    net: Devnet
    labeler: Labeler
    progressPath: string
  }): Promise<AccessProgram> {
    const { net, labeler, progressPath } = options
    return new AccessProgram({
      PATH: process.env.PATH ?? '',
      OZONE_PUBLIC_URL: labeler.url,
      OZONE_SERVER_DID: labeler.did,
      OZONE_ADMIN_PASSWORD: adminPassword,
      OZONE_SIGNING_KEY_HEX: await labeler.keyHex(),
      OZONE_CHAT_URL: net.chat.url,
      OZONE_CHAT_DID: net.chat.did,
      PARLEY_OZONE_PROGRESS: progressPath,
    })
  }

  private constructor(env: Record<string, string>) {
    this.#env = env
  }

  start(): void {
    const child = spawn(process.execPath, [command], { env: this.#env, stdio: ['ignore', 'inherit', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text
    })
    outliveNobody(child)
    this.#child = child
  }

  /** Resolves with its exit code when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child!
    const gone = once(child, 'close') as Promise<[number | null]>
    child.kill(signal)
    const [code] = await gone
    this.#child = undefined
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child !== undefined) await this.end('SIGKILL')
  }
}
