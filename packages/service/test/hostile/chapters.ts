import type { Chapter } from './attack.ts'
import { bodies } from './bodies.ts'
import { floods, slow } from './floods.ts'
import { framing } from './framing.ts'
import { headers, replays } from './headers.ts'
import { heads } from './heads.ts'
import { tokens } from './tokens.ts'

export const chapters: readonly Chapter[] = [
  {
    title: 'Service tokens',
    about: 'A call of `getLog` with a token that is good but for …',
    attacks: tokens,
  },
  { title: 'How a token is sent', about: 'The token itself is good.', attacks: headers },
  {
    title: 'Tokens used again',
    about: 'With replay protection on. It is off by default, as with the official service.',
    attacks: replays,
  },
  {
    title: 'Requests that are two',
    about: 'Bytes on a connection, and behind them a good request that writes and is not to be found.',
    attacks: framing,
  },
  { title: 'Paths, params and cursors', about: 'With good tokens of alice’s.', attacks: heads },
  { title: 'Bodies', about: 'A `sendMessage` of alice’s to a convo of hers, but for …', attacks: bodies },
  {
    title: 'Too much',
    about: 'Bytes that would be read for ever, and work that would be done.',
    attacks: floods,
  },
]

/** These take half a minute, at one time with all others. */
export const patience: Chapter = {
  title: 'Too slow',
  about: 'Connections that are held for their own sake.',
  attacks: slow,
}
