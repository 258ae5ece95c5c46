import { endpoints } from '../packages/service/src/endpoints/index.ts'
import { crashMoments } from './service-process.ts'

/** What a short run must have had: without it, it shows nothing about it. As its counts call it. */
export const mustHappen: readonly string[] = [
  ...endpoints
    .filter(({ callers }) => callers !== 'moderators')
    .map(({ schema }) => `call done: ${schema.nsid.split('.').at(-1)}`),
  'call lost: sendMessage',
  'call refused: sendMessage',
  ...['no commit under way', ...crashMoments].map(moment => `crash: ${moment}`),
  'commit for several senders',
  'fault: answer lost',
  'fault: clock drifts',
  'fault: clock set back',
  'fault: clock set forward',
  'fault: network of people unreachable',
  'fault: no process there',
  'fault: request doubled',
  'fault: request lost',
  'held: a message may be told',
  'held: a message on a page of history',
  'held: a message on a page of the log',
  'refused alone',
]
