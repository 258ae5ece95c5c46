import type { Network } from './network.ts'

/** The network for people: addresses, accounts, what to do next. */
export function table(network: Network): string {
  const { plc, pds, chat, web, accounts } = network
  const next = [
    ['npm run -s example', 'alice writes to bob'],
    [`curl -s ${web}/network.json`, 'all of this, for programs'],
  ]
  const addresses = [
    ['web page', web],
    ['PDS', pds],
    ['chat service', chat.url],
    ['chat DID', chat.did],
    ['PLC directory', plc],
  ]
  const header = ['account', 'password', 'app password', '… without DMs', 'accepts messages from']
  const rows = accounts.map(account => [
    account.handle,
    account.password,
    account.appPassword,
    account.appPasswordWithoutDm,
    sender(account.allowIncoming),
  ])
  return `
Parley devnet is running: an AT Protocol network on this machine only.

${columns(addresses)}

${columns([header, ...rows])}

Next:
${columns(next)}

Ctrl-C ends it.
`
}

function sender(allowIncoming: Network['accounts'][number]['allowIncoming']): string {
  return { all: 'everybody', none: 'nobody', following: 'people they follow' }[allowIncoming]
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n')
}
