/**
 * Loaded before a snippet, into its process: a network in memory, which answers in place of the Internet. The program
 * finds Bluesky's servers, its chat service and the directories where it looks for them, and the cast of the pages.
 */
import { systemClock } from '../../src/clock.ts'
import { fakeNetwork } from '../../src/fake-network/index.ts'
import { cast, passwordVariable } from './cast.ts'
import { internetOf } from './internet.ts'
import type { Scenario } from './scenario.ts'
import { Stage } from './stage.ts'

const scenario = JSON.parse(process.env.SNIPPET_SCENARIO!) as Scenario
const linesDue = Number(process.env.SNIPPET_LINES)
const patienceMs = Number(process.env.SNIPPET_PATIENCE_MS)
for (const name of ['SNIPPET_SCENARIO', 'SNIPPET_LINES', 'SNIPPET_PATIENCE_MS']) delete process.env[name]

let linesPrinted = 0
const write = process.stdout.write
process.stdout.write = ((text: string | Uint8Array, ...rest: []) => {
  linesPrinted += String(text).split('\n').length - 1
  return write.call(process.stdout, text, ...rest)
}) as typeof write

const net = fakeNetwork({ users: cast.map(({ handle }) => handle), extensions: !scenario.onBluesky })
for (const { handle, ...facts } of cast) {
  net.describe(handle, facts)
  process.env[passwordVariable(handle)] = net.user(handle).password
}
const { password } = net.user(scenario.as)
Object.assign(process.env, {
  APP_PASSWORD: password,
  PARLEY_APP_PASSWORD: password,
  PARLEY_IDENTIFIER: scenario.as,
  SNIPPET_AS: scenario.as,
})

const stage = new Stage({ net, account: scenario.as, isHeard: () => linesPrinted >= linesDue, patienceMs })
for (const step of scenario.before) await stage.play(step)

// From the first time that the program asks what is new, by call or by stream, or from its end.
let hasBegun = false
const begin = () => {
  if (hasBegun) return
  hasBegun = true
  stage.playAll(scenario.while).catch(error => {
    console.error(error)
    process.exit(1)
  })
}
process.on('beforeExit', begin)

globalThis.fetch = internetOf(net, ({ method, did }) => {
  if (method === 'chat.bsky.convo.getLog' && did === net.user(scenario.as).did) begin()
})

globalThis.WebSocket = function open(url: string, protocols: string[]) {
  begin()
  return net.webSocket(url, protocols)
} as unknown as typeof WebSocket

if (scenario.inHurry) {
  // The SDK waits by its clock. Time limits of calls, which a busy machine would miss, do not go by it.
  const { sleep } = systemClock
  systemClock.sleep = (ms, signal) => sleep(ms / 60, signal)
}
