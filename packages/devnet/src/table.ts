import { accountCells, accountColumns, addresses, type Network } from './network.ts'

/** The network for people: addresses, accounts, what to do next. */
export function table(network: Network): string {
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

Ctrl-C ends it.
`
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
    .join('\n')
}
