import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Scene, type SceneOptions, tempFolder } from '../scene.ts'

export const hourMs = 60 * 60 * 1000

/** A scene whose service has a clock that can be set. */
export interface ShiftedScene extends AsyncDisposable {
  scene: Scene
  /** Seconds since the epoch by the service's clock. */
  now(): number
  /** Ahead of the real time by so much from now on, or behind it. Resolves when the service counts so. */
  setClock(shiftMs: number): Promise<void>
  /** The same, while the service does not run. */
  setClockBetweenRuns(shiftMs: number): void
}

export async function openShiftedScene(options: SceneOptions = {}): Promise<ShiftedScene> {
  await using opened = new AsyncDisposableStack()
  const clock = join(tempFolder(opened), 'clock')
  let shift = 0
  const write = (shiftMs: number) => {
    shift = shiftMs
    writeFileSync(clock, String(shiftMs))
  }
  write(0)
  const settings = { ...options.settings, FAULTS_CLOCK: clock, PARLEY_LOG_LEVEL: 'info' }
  const preload = fileURLToPath(new URL('shift-date.ts', import.meta.url))
  const nodeOptions = ['--import', preload]
  const scene = opened.use(await Scene.open({ ...options, settings, nodeOptions }))
  const held = opened.move()
  const now = () => Math.floor((Date.now() + shift) / 1000)
  return {
    scene,
    now,
    async setClock(shiftMs) {
      write(shiftMs)
      process.kill(scene.service.pid, 'SIGUSR2')
      await loggedAt(scene, shiftMs)
    },
    setClockBetweenRuns: write,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** The time in the log is that of the clock: waits for a line of a request that is within a minute of it. */
async function loggedAt(scene: Scene, shiftMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(30_000)
  for (;;) {
    if (deadline.aborted) throw new Error('the service did not take up its new clock')
    await fetch(`http://127.0.0.1:${scene.service.port}/xrpc/chat.bsky.convo.getLog`).then(answer =>
      answer.text(),
    )
    await new Promise(resolve => setTimeout(resolve, 10))
    const time = /"time":(\d+)/.exec(scene.service.said.at(-1) ?? '')?.[1]
    if (time !== undefined && Math.abs(Number(time) - Date.now() - shiftMs) < 60_000) return
  }
}
