/** Whose account a bot is. */
export interface BotAccount {
  /** Handle, DID or e-mail address. */
  identifier: string
  appPassword: string
  /** Address of its PDS; the SDK's default where left out. */
  pds?: string | undefined
  /** `did#id` of the chat service; the SDK's default where left out. */
  chat?: string | undefined
}

/** The file that `Client.fromEnv()` reads through `node --env-file`. */
export function envFileOf(account: BotAccount): string {
  const { PARLEY_IDENTIFIER, PARLEY_APP_PASSWORD, PARLEY_PDS, PARLEY_CHAT } = linesOf(account)
  return `${[
    PARLEY_IDENTIFIER,
    '# An app password with access to direct messages.',
    PARLEY_APP_PASSWORD,
    "# The account's PDS. Default: https://bsky.social, which knows where accounts are.",
    PARLEY_PDS,
    "# The chat service. Default: Bluesky's.",
    PARLEY_CHAT,
  ].join('\n')}\n`
}

/** The same in a file that is there: what else is in it stays. */
export function withAccount(envFile: string, account: BotAccount): string {
  let text = envFile
  for (const [name, line] of Object.entries(linesOf(account))) {
    const old = new RegExp(`^(# *)?${name}=.*$`, 'gm')
    text = text.match(old) ? text.replace(old, () => line) : `${text.trimEnd()}\n${line}\n`
  }
  return text
}

/** The variables that an account leaves empty and that its user has to fill in. */
export function missingOf({ identifier, appPassword }: BotAccount): string[] {
  return [...(identifier ? [] : ['PARLEY_IDENTIFIER']), ...(appPassword ? [] : ['PARLEY_APP_PASSWORD'])]
}

function linesOf({ identifier, appPassword, pds, chat }: BotAccount) {
  return {
    PARLEY_IDENTIFIER: `PARLEY_IDENTIFIER=${quoted(identifier)}`,
    PARLEY_APP_PASSWORD: `PARLEY_APP_PASSWORD=${quoted(appPassword)}`,
    PARLEY_PDS: pds === undefined ? '# PARLEY_PDS=' : `PARLEY_PDS=${quoted(pds)}`,
    PARLEY_CHAT: chat === undefined ? '# PARLEY_CHAT=' : `PARLEY_CHAT=${quoted(chat)}`,
  }
}

/** Within single quotes, Node takes everything as it is; within double ones it does not. */
function quoted(value: string): string {
  const text = value.replace(/[\r\n]/g, '')
  const quote = ["'", '`', '"'].find(one => !text.includes(one)) ?? "'"
  return `${quote}${text}${quote}`
}
