import { addresses } from './addresses.ts'
import { appView } from './appview.ts'
import type { Chapter } from './attack.ts'
import { bodies } from './bodies.ts'
import { floods, slow } from './floods.ts'
import { framing } from './framing.ts'
import { headers, replays } from './headers.ts'
import { heads } from './heads.ts'
import { directory } from './network.ts'
import { tokens } from './tokens.ts'
import { websockets } from './websockets.ts'

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
  { title: 'WebSockets', about: 'On a subscription of a moderator’s.', attacks: websockets },
  {
    title: 'What the PLC directory says',
    about: 'A token of an account that nobody has asked about, well signed, of which the directory says …',
    attacks: directory,
  },
  {
    title: 'What the AppView says',
    about: 'A message that embeds a post, of which the AppView says …',
    attacks: appView,
  },
  {
    title: 'Addresses that strangers choose',
    about:
      'Connections are looked at where the process makes them: none goes anywhere but to the neighbours it was told of.',
    attacks: addresses,
  },
]

/** These take half a minute, at one time with all others. */
export const patience: Chapter = {
  title: 'Too slow',
  about: 'Connections that are held for their own sake.',
  attacks: slow,
}
