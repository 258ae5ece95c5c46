import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import type { FakeNetwork } from '@parley/sdk/testing'
import { fakeNetwork } from '@parley/sdk/testing'
import { main } from '../src/main.ts'
import type { World } from '../src/world.ts'

export interface Ran {
  code: number
  stdout: string
  stderr: string
  /** Of `--json`: the object in each line. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads from it, it checks.
  json: any[]
}

export interface Around {
  stdin?: string
  /** Whether a terminal is there, with so many columns. */
  terminal?: number
  env?: Record<string, string>
  signal?: AbortSignal
  /** Default: the network's. */
  fetch?: typeof fetch
  /** What is typed at a terminal, one for each question. */
  typed?: string[]
}

/** A network, and a user's folder on a machine beside it. */
export class Stage implements AsyncDisposable {
  readonly net: FakeNetwork
  readonly home: string

  static async open(users = ['alice.test', 'bob.test', 'carla.test']): Promise<Stage> {
    return new Stage(fakeNetwork({ users, pace: 20 }), await mkdtemp(join(tmpdir(), 'parley-cli-')))
  }

  private constructor(net: FakeNetwork, home: string) {
    this.net = net
    this.home = home
  }

  /** Runs a command line in this process. */
  async parley(args: readonly string[], around: Around = {}): Promise<Ran> {
    const stdout = new Gathering(around.terminal)
    const stderr = new Gathering(around.terminal)
    const code = await main(this.world(args, around, stdout, stderr))
    const json = stdout.text.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line)] : []))
    return { code, stdout: stdout.text, stderr: stderr.text, json }
  }

  world(args: readonly string[], around: Around, stdout: Gathering, stderr: Gathering): World {
    const { net, home } = this
    const { env = {}, stdin = '', terminal, signal = new AbortController().signal, typed = [] } = around
    return {
      args,
      env,
      stdin:
        terminal === undefined
          ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)])
          : keyboard(typed, stderr),
      stdout,
      stderr,
      cwd: home,
      home,
      clock: net.clock,
      timeZone: 'UTC',
      fetch: around.fetch ?? net.fetch,
      webSocket: net.webSocket,
      signal,
    }
  }

  /** Logs these in; the last one is the current account. */
  async loggedIn(...handles: string[]): Promise<void> {
    for (const handle of handles) {
      const { password } = this.net.user(handle)
      const ran = await this.parley(['login', handle, ...this.where], { stdin: password })
      if (ran.code !== 0) throw new Error(ran.stderr)
    }
  }

  /** What login needs to find this network. */
  get where(): string[] {
    return ['--service', this.net.service, '--chat', this.net.chat]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.net[Symbol.asyncDispose]()
    await rm(this.home, { recursive: true, force: true })
  }
}

/** Keeps what is written to it; a terminal where it is given columns. */
export class Gathering extends Writable {
  readonly isTTY: boolean
  readonly columns: number
  text = ''

  constructor(columns?: number) {
    super()
    this.isTTY = columns !== undefined
    this.columns = columns ?? 80
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    this.emit('written')
    done()
  }
}

/** A terminal's keyboard: each of `typed` is typed when the screen shows a question. */
function keyboard(typed: readonly string[], screen: Gathering) {
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keys })
  const left = [...typed]
  let seen = 0
  screen.on('written', () => {
    if (!/[◆*]/.test(screen.text.slice(seen))) return
    seen = screen.text.length
    const text = left.shift()
    if (text !== undefined) setImmediate(() => keys.write(text))
  })
  return keys
}
