import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A bot that runs: npm, its shell and the program. */
export class RunningBot implements AsyncDisposable {
  readonly #npm: ChildProcess
  /** The exit code, when nothing writes into its folder any more. */
  readonly ended: Promise<number | null>
  /** On standard output and standard error. */
  said = ''

  /** Runs `npm start`. */
  static start(folder: string): RunningBot {
    return new RunningBot(
      spawn('npm', ['start'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true }),
    )
  }

  private constructor(npm: ChildProcess) {
    this.#npm = npm
    this.ended = once(npm, 'close').then(([code]) => code)
    for (const stream of [npm.stdout!, npm.stderr!])
      stream.on('data', data => {
        this.said += data
        npm.emit('said')
      })
  }

  /** Resolves when it has said this. */
  async says(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      const event = await Promise.race([once(this.#npm, 'said'), this.ended])
      assert.ok(Array.isArray(event) || this.said.includes(text), this.said)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#npm.exitCode === null && this.#npm.signalCode === null) process.kill(-this.#npm.pid!, 'SIGTERM')
    await this.ended
  }
}
