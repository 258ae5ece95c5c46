import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { outliveNobody } from '@parley/testing/outlive-nobody.ts'

/** A peer's program, and how it is started again. */
export interface PeerProcess extends AsyncDisposable {
  readonly pid: number
  start(): Promise<void>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

export interface PeerProgram {
  command: string
  args: string[]
  env: Record<string, string>
  folder: string
  port: number
  /** Of this machine, for a program that does not run as root. */
  uid?: number
  gid?: number
}

const startTimeoutMs = 60_000

export function peerProcess({ command, args, env, folder, port, ...identity }: PeerProgram): PeerProcess {
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const log = openSync(`${folder}/out.log`, 'a')
    child = spawn(command, args, {
      ...identity,
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
      stdio: ['ignore', log, log],
    })
    outliveNobody(child)
    const deadline = Date.now() + startTimeoutMs
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${command} does not listen; see ${folder}/out.log`)
      await sleep(100)
    }
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  return {
    get pid() {
      return child!.pid!
    },
    start,
    kill,
    [Symbol.asyncDispose]: () => kill('SIGKILL'),
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
