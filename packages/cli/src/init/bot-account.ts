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
export function envFileOf({ identifier, appPassword, pds, chat }: BotAccount): string {
  const line = (name: string, value: string | undefined) =>
    value === undefined ? `# ${name}=` : `${name}=${quoted(value)}`
  return `${[
    line('PARLEY_IDENTIFIER', identifier),
    '# An app password with access to direct messages.',
    line('PARLEY_APP_PASSWORD', appPassword),
    "# The account's PDS. Default: https://bsky.social, which knows where accounts are.",
    line('PARLEY_PDS', pds),
    "# The chat service. Default: Bluesky's.",
    line('PARLEY_CHAT', chat),
  ].join('\n')}\n`
}

/** Within single quotes, Node takes everything as it is; within double ones it does not. */
function quoted(value: string): string {
  const text = value.replace(/[\r\n]/g, '')
  const quote = ["'", '`', '"'].find(one => !text.includes(one)) ?? "'"
  return `${quote}${text}${quote}`
}
