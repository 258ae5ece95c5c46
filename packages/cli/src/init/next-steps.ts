import { type BotAccount, missingOf } from './bot-account.ts'
import type { Devnet } from './devnet.ts'
import { isClone } from './sdk-source.ts'

export interface Made {
  /** The folder, as its user would name it. */
  where: string
  account: BotAccount
  /** Where the account is, if it is on one. */
  devnet: Devnet | undefined
  isInstalled: boolean
}

/** What must be filled in before a bot can start; `undefined` where nothing is missing. */
export function fillIn({ where, account }: Pick<Made, 'where' | 'account'>): string | undefined {
  const missing = missingOf(account)
  if (missing.length === 0) return undefined
  return `Fill in ${where}/.env before you start it: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} empty.`
}

/** What to do with a bot, line by line. */
export function nextSteps({ where, account, devnet, isInstalled }: Made): string[] {
  const start = ['', `  cd ${where}${isInstalled ? '' : ' && npm install'} && npm start`]
  if (devnet === undefined) return start
  const parley = isClone ? 'npx parley' : 'parley'
  const { identifier } = account
  return [
    ...start,
    '',
    `Then write to it from another terminal, here, as alice (passwords are at ${devnet.page}):`,
    '',
    `  ${parley} login alice.test --service ${devnet.pds}`,
    `  ${parley} send ${identifier} /ping && ${parley} read ${identifier}`,
    '',
    `A devnet that is started anew has forgotten the account, unless it was started with --data DIR. Another one:`,
    '',
    `  ${parley} init ${where} --renew`,
  ]
}
