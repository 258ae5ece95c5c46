/**
 * Loaded before a snippet, into its process: a network in memory, which answers in place of the Internet. The program
 * finds Bluesky's servers, its chat service and the directories where it looks for them, and the cast of the pages.
 */
import { fakeNetwork } from '../../src/fake-network/index.ts'
import { cast, passwordVariable } from './cast.ts'
import { internetOf } from './internet.ts'
import type { Scenario } from './scenario.ts'
import { Stage } from './stage.ts'

const scenario = JSON.parse(process.env.SNIPPET_SCENARIO!) as Scenario
delete process.env.SNIPPET_SCENARIO
const linesDue = Number(process.env.SNIPPET_LINES)
delete process.env.SNIPPET_LINES

let linesPrinted = 0
const write = process.stdout.write
process.stdout.write = ((text: string | Uint8Array, ...rest: []) => {
  linesPrinted += String(text).split('\n').length - 1
  return write.call(process.stdout, text, ...rest)
}) as typeof write

const net = fakeNetwork({ users: cast.map(({ handle }) => handle) })
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

const stage = new Stage({ net, account: scenario.as, isHeard: () => linesPrinted >= linesDue })
for (const step of scenario.before) await stage.play(step)

// From the first time that the program asks what is new, or from its end.
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

if (scenario.inHurry) {
  const sleep = globalThis.setTimeout
  // All but the time limit of a call, which a busy machine would miss.
  const hurried = (ms: number) => (ms === 10_000 ? ms : ms / 60)
  globalThis.setTimeout = ((run: () => void, ms = 0, ...args: []) =>
    sleep(run, hurried(ms), ...args)) as typeof setTimeout
}
