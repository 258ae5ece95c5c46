import type { ChatError } from '@parley/sdk'
import { CommanderError } from 'commander'
import { CliError } from './errors.ts'
import { exitCodes, type Outcome, outcomes } from './exit-codes.ts'
import { hintOf, isAboutNoMessage } from './hints.ts'
import { OutputClosed, Printer } from './output/printer.ts'
import { type GlobalOptions, hasColors } from './run.ts'
import { Interrupted, type World } from './world.ts'

interface Complaint {
  outcome: Outcome
  /** Stable: a code of the SDK, or the outcome. */
  error: string
  message: string
  hint?: string | undefined
  /** Of a call that may have happened all the same. */
  delivered?: 'unknown'
}

/** Says on standard error what went wrong, and gives the exit code. */
export async function report(world: World, options: GlobalOptions, error: unknown): Promise<number> {
  if (error instanceof OutputClosed) return exitCodes.ok
  if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage // It was printed.
  const complaint = complaintOf(world, error)
  if (complaint === undefined) return exitCodes.ok
  const { outcome, ...said } = complaint
  const exitCode = exitCodes[outcome]
  // Who ends it knows why; not, what became of what was under way.
  const isPlain = outcome === 'interrupted' || outcome === 'terminated'
  if (isPlain && said.delivered === undefined) return exitCode
  const notes = new Printer({ stream: world.stderr, colors: hasColors(world, options, world.stderr) })
  // JSON only where it was asked for: a terminal beside a pipe is read by people.
  const saying = options.json ? notes.json({ ...said, exitCode }) : say(notes, said)
  await saying.catch(() => {})
  return exitCode
}

async function say(notes: Printer, { message, hint }: Omit<Complaint, 'outcome'>) {
  await notes.line(notes.paint.red('parley: '), message)
  if (hint) await notes.line(notes.paint.dim('hint: '), hint)
}

function complaintOf({ signal }: World, error: unknown): Complaint | undefined {
  if (error instanceof Interrupted) return ended(error, undefined)
  if (signal.aborted && signal.reason instanceof Interrupted) return ended(signal.reason, error)
  if (error instanceof CommanderError) return ofCommander(error)
  if (error instanceof CliError) {
    const { outcome, message, hint } = error
    return { outcome, error: outcome, message, hint }
  }
  if (isChatError(error)) return ofChat(error)
  const message = error instanceof Error ? error.message : String(error)
  return { outcome: 'failed', error: 'failed', message }
}

/** `error`: what the interruption has made of what was under way. */
function ended({ by, message }: Interrupted, error: unknown): Complaint {
  const outcome = by === 'SIGINT' ? 'interrupted' : 'terminated'
  if (isChatError(error) && error.delivered === 'unknown') return { ...ofChat(error), outcome }
  return { outcome, error: outcome, message }
}

/** Help and version are errors to commander, too. */
function ofCommander({ exitCode, code, message }: CommanderError): Complaint | undefined {
  const isOption = code === 'commander.unknownOption'
  if (exitCode === 0) return undefined
  return {
    outcome: 'usage',
    error: 'usage',
    message: message.replace(/^error: /, ''),
    hint: isOption
      ? 'See --help behind the command. Text that begins with - goes behind --'
      : 'parley --help, and --help behind each command, say what is understood.',
  }
}

function ofChat(chatError: ChatError): Complaint {
  const { code, message, retryAfterMs, delivered } = chatError
  const outcome = isAboutNoMessage(chatError) ? 'notFound' : (outcomes[code] ?? 'failed')
  const wait = retryAfterMs === undefined ? undefined : `Try again in ${Math.ceil(retryAfterMs / 1000)} s.`
  if (delivered === 'unknown') {
    const look = 'It may have been done all the same: look before you repeat it.'
    return { outcome, error: code, message, hint: look, delivered }
  }
  return { outcome, error: code, message, hint: wait ?? hintOf(chatError) }
}

/** By name: the SDK is loaded only where it is needed. */
function isChatError(error: unknown): error is ChatError {
  return error instanceof Error && error.name === 'ChatError'
}
