import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client, ok, simpleFetchHandler } from '@atcute/client'
import type { Did } from '@atcute/lexicons/syntax'

/** Who runs a PDS: has its folder, its admin password, and the mail that it would send. */
export class Operator {
  readonly #folder: string
  readonly #rpc: Client

  constructor({ folder, url }: { folder: string; url: string }) {
    this.#folder = folder
    this.#rpc = new Client({ handler: simpleFetchHandler({ service: url }) })
  }

  async setTakenDown(did: Did, applied: boolean): Promise<void> {
    const subject = { $type: 'com.atproto.admin.defs#repoRef' as const, did }
    const input = { subject, takedown: { applied } }
    const headers = await this.#admin()
    await ok(this.#rpc.post('com.atproto.admin.updateSubjectStatus', { headers, input }))
  }

  async deleteAccount(did: Did): Promise<void> {
    const headers = await this.#admin()
    await ok(this.#rpc.post('com.atproto.admin.deleteAccount', { headers, input: { did }, as: null }))
  }

  /** The code that the PDS mailed last, where its users would read it. */
  mailedCode(did: Did, purpose: 'plc_operation' | 'delete_account'): string {
    using database = new DatabaseSync(join(this.#folder, 'account.sqlite'), { readOnly: true })
    const query = database.prepare('SELECT token FROM email_token WHERE did = ? AND purpose = ?')
    return query.get(did, purpose)!.token as string
  }

  /** Gives the account another key to sign with. Its DID document has to be told. */
  async replaceKey(did: Did): Promise<void> {
    const shard = createHash('sha256').update(did).digest('hex').slice(0, 2)
    await writeFile(join(this.#folder, 'actors', shard, did, 'key'), randomBytes(32))
  }

  async #admin(): Promise<{ authorization: string }> {
    const secrets = JSON.parse(await readFile(join(this.#folder, 'secrets.json'), 'utf8'))
    return { authorization: `Basic ${Buffer.from(`admin:${secrets.adminPassword}`).toString('base64')}` }
  }
}
