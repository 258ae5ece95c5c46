import type { ExportProgress } from '@parley/sdk'
import type { World } from '../world.ts'

export interface ProgressBar {
  show(progress: ExportProgress): void
  /** All is done. */
  end(): void
  /** Takes it away where it has not ended. */
  stop(): void
}

/** On standard error, so that the output stays what was asked for. */
export async function progressBar(world: World): Promise<ProgressBar> {
  const { progress } = await import('@clack/prompts')
  const bar = progress({ output: world.stderr, max: 1000, signal: world.signal })
  let [shown, isOver, said] = [0, false, '']
  bar.start('Reading your conversations')
  return {
    show({ convos, convosTotal, messages }) {
      const thousandths = convosTotal === 0 ? 1000 : Math.floor((1000 * convos) / convosTotal)
      said = `${convos} of ${counted(convosTotal, 'conversation')}, ${counted(messages, 'message')}`
      bar.advance(thousandths - shown, said)
      shown = thousandths
    },
    end() {
      isOver = true
      bar.stop(said || 'There are no conversations.')
    },
    stop() {
      if (!isOver) bar.cancel('The export was broken off.')
      isOver = true
    },
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
