import type { ConvoMethods } from '../chat/convo.ts'
import type { CallOptions } from '../chat/method.ts'

/** The cursor behind which stands what happens from now on. */
export async function endOfLog(convo: Pick<ConvoMethods, 'getLog'>, options: CallOptions): Promise<string> {
  const { cursor } = await convo.getLog({}, options)
  // A service that gives none has an empty log: this is before all revs.
  return cursor ?? '2222222222222'
}
