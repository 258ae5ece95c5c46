import { accountCells, accountColumns, addresses, type Network } from './network.ts'

/** The network for people: addresses, accounts, what to do next. `dataDir`: where it is kept, if it is. */
export function table(network: Network, dataDir?: string): string {
  const next = [
    ['npm run -s example', 'alice writes to bob'],
    ['npx parley init my-bot', 'a bot of your own, with an account here'],
    [`curl -s ${network.web}/network.json`, 'all of this, for programs'],
  ]
  return `
Parley devnet is running: an AT Protocol network on this machine only.

${columns([['web page', network.web], ...addresses(network)])}

${columns([accountColumns, ...network.accounts.map(accountCells)])}

Next:
${columns(next)}

${
  dataDir === undefined
    ? 'Ctrl-C ends it, and its accounts and messages are gone: --data DIR, given at the start, keeps them.'
    : `Ctrl-C ends it. Its accounts and messages are kept in ${dataDir}`
}
`
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n')
}
