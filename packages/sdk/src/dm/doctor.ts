import { mainSchema as getSession } from '@atcute/atproto/types/server/getSession'
import type { CallOptions } from '../chat/method.ts'
import { ChatError } from '../errors.ts'
import type { DmContext } from './context.ts'
import { allowIncoming } from './declaration.ts'

/** One thing that was looked at. `fix`: what to do about it. */
export interface DoctorCheck {
  name: 'pds' | 'login' | 'permission' | 'clock' | 'chat service' | 'account' | 'incoming' | 'unread'
  ok: boolean
  detail: string
  fix?: string
}

/** `ok`: nothing that was looked at is wrong. What a finding makes it useless to ask is left out. */
export interface DoctorReport {
  ok: boolean
  checks: DoctorCheck[]
}

/** What a check finds: that all is well, or what is not. */
type Finding = string | Omit<DoctorCheck, 'name'>

/** How far the clocks may be apart before it is worth a word: tokens are renewed a minute early. */
const SKEW_MAX_MS = 60_000

/** Looks whether everything is there that direct messages need. Throws only `aborted`: all else is in the report. */
export async function examine(context: DmContext, options: CallOptions = {}): Promise<DoctorReport> {
  const checks: DoctorCheck[] = []
  const check = async (name: DoctorCheck['name'], look: () => Finding | Promise<Finding>) => {
    const finding = await Promise.resolve().then(look).catch(findingOf)
    const found = typeof finding === 'string' ? { ok: true, detail: finding } : finding
    checks.push({ name, ...found })
    return found.ok
  }
  if (await login(context, check, options)) {
    const { account, chat, features } = context
    let status = { chatDisabled: false }
    const isThere = await check('chat service', async () => {
      status = await chat.bsky.actor.getStatus({}, options)
      const described = await features.describe()
      if (described === undefined) return 'one without extensions'
      const { version, url, features: all } = described
      return `Parley ${version} at ${url}, with ${all.join(', ') || 'no extensions'}`
    })
    if (isThere) {
      await check('account', () => accountFinding(status.chatDisabled))
      await check('unread', async () => {
        const { unreadAcceptedConvos, unreadRequestConvos } = await chat.bsky.convo.getUnreadCounts(
          {},
          options,
        )
        return `conversations: ${unreadAcceptedConvos}; requests: ${unreadRequestConvos}`
      })
    }
    await check('incoming', async () => {
      const { incoming, groups } = await allowIncoming(account, options)
      return `conversations from: ${incoming}; groups from: ${groups}`
    })
  }
  return { ok: checks.every(({ ok }) => ok), checks }
}

type Check = (name: DoctorCheck['name'], look: () => Finding | Promise<Finding>) => Promise<boolean>

/** The login and what it goes through. False where there is no use in asking further. */
async function login({ account }: DmContext, check: Check, options: CallOptions): Promise<boolean> {
  const session = account.session()
  if (session === undefined)
    return check('login', () => findingOf(new ChatError('auth/required', 'nobody is logged in')))
  let { handle } = session
  let refused: ChatError | undefined
  const isThere = await check('pds', async () => {
    try {
      handle = (await account.atPds(getSession, {}, options)).handle
    } catch (error) {
      if (!(error instanceof ChatError && error.code.startsWith('auth/'))) throw error
      refused = error
    }
    return `${session.pds || 'it'} answers`
  })
  if (!isThere) return false
  const isGood = await check('login', () => (refused ? findingOf(refused) : `${handle} (${session.did})`))
  await check('clock', () => {
    const aheadMs = account.aheadMs()
    if (Math.abs(aheadMs) <= SKEW_MAX_MS) return 'as the server has it, to the minute'
    const detail = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the server's`
    return { ok: false, detail, fix: 'Set the clock of this computer.' }
  })
  const mayChat = await check('permission', () =>
    session.mayUseChat ? session.scope : findingOf(new ChatError('auth/missing-dm-scope', session.scope)),
  )
  return isGood && mayChat
}

function accountFinding(chatDisabled: boolean): Finding {
  if (!chatDisabled) return 'may take part'
  return {
    ok: false,
    detail: 'moderators have disabled direct messages for it',
    fix: 'Ask those who run the chat service.',
  }
}

function findingOf(error: unknown): Finding {
  if (!(error instanceof ChatError)) return { ok: false, detail: String(error) }
  if (error.is('aborted')) throw error
  return { ok: false, detail: error.message, ...(error.hint !== undefined && { fix: error.hint }) }
}
