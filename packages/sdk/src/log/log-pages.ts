import type { ConvoMethods } from '../chat/convo.ts'
import type { LogRow } from './log-row.ts'
import type { LogSource } from './log-source.ts'

/** The account's log as it stands: page after page, and then none. */
export class LogPages implements LogSource {
  readonly #convo: Pick<ConvoMethods, 'getLog'>

  constructor(convo: Pick<ConvoMethods, 'getLog'>) {
    this.#convo = convo
  }

  attach(): () => void {
    return () => {}
  }

  async next(after: string, signal: AbortSignal): Promise<LogRow[]> {
    const { logs } = await this.#convo.getLog({ cursor: after }, { signal })
    return (logs as LogRow[]).filter(({ rev }) => rev !== undefined && rev > after)
  }
}
