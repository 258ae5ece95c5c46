import fastify from 'fastify'
import { loopbackAddress, namesThisMachine } from './loopback.ts'
import { accountCells, accountColumns, addresses, type Network } from './network.ts'
import type { ReservedPort } from './ports.ts'

export interface Page {
  close(): Promise<void>
}

/**
 * Serves the network's addresses and accounts: `/` for people, `/network.json` for programs that look for a running
 * devnet. The passwords are devnet's own, and still only for this machine: no CORS, no foreign host names.
 */
export async function startPage(options: { port: ReservedPort; network: Network }): Promise<Page> {
  const { port, network } = options
  const server = fastify()
  server.addHook('onRequest', async (request, reply) => {
    if (!namesThisMachine(request.headers.host)) await reply.code(403).send('Only for this machine.\n')
  })
  server.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    )
    reply.header('x-content-type-options', 'nosniff')
  })
  server.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(html(network)))
  server.get('/network.json', () => network)
  await port.release()
  await server.listen({ host: loopbackAddress, port: port.port })
  return { close: () => server.close() }
}

function html(network: Network): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley devnet</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; margin-bottom: 2rem; display: block; overflow-x: auto }
  th, td { text-align: left; padding: .25rem 1rem .25rem 0; white-space: nowrap }
  td { font-family: ui-monospace, monospace }
  :root { color-scheme: light dark }
</style>
<h1>Parley devnet</h1>
<p>A whole AT Protocol network on this machine. Sign in at the PDS with any of these passwords.</p>
<h2>Addresses</h2>
<table>${addresses(network)
    .map(([name, value]) => `\n<tr><th>${name}<td>${asText(value)}`)
    .join('')}
</table>
<h2>Accounts</h2>
<table>
<tr>${[...accountColumns, 'DID'].map(name => `<th>${name}`).join('')}${network.accounts
    .map(account => [...accountCells(account), account.did])
    .map(cells => `\n<tr>${cells.map(cell => `<td>${asText(cell)}`).join('')}`)
    .join('')}
</table>
<p>The same for programs: <a href="/network.json">/network.json</a></p>
</html>
`
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
