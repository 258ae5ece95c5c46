import type { Did } from '@atcute/lexicons/syntax'
import { type TestAccount, testAccount } from '@parley/testing/account.ts'
import { RawConnection, requestText } from '@parley/testing/raw-connection.ts'

/** What a method answers: whoever calls knows which it was. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are the lexicon's, and checked elsewhere
export type Answer = any

/** Calls for setting the stage and for looking afterwards, one after another, by any account. */
export class Caller implements Disposable {
  readonly #did: Did
  readonly #connection: RawConnection
  readonly #accounts = new Map<number, TestAccount>()

  static async open({ did, port }: { did: Did; port: number }): Promise<Caller> {
    return new Caller(did, await RawConnection.open(port))
  }

  private constructor(did: Did, connection: RawConnection) {
    this.#did = did
    this.#connection = connection
  }

  account(number: number): TestAccount {
    let account = this.#accounts.get(number)
    if (!account) {
      account = testAccount(number)
      this.#accounts.set(number, account)
    }
    return account
  }

  get(account: number, nsid: string, params: Record<string, string>): Promise<Answer> {
    return this.#call(account, { nsid, params })
  }

  post(account: number, nsid: string, input: object): Promise<Answer> {
    return this.#call(account, { nsid, input })
  }

  [Symbol.dispose](): void {
    this.#connection.close()
  }

  async #call(account: number, call: Omit<Parameters<typeof requestText>[0], 'token'>): Promise<Answer> {
    const now = Math.floor(Date.now() / 1000)
    const token = this.account(account).token({ aud: this.#did, lxm: call.nsid, now })
    const { status, body } = await this.#connection.send(requestText({ ...call, token }))
    if (status !== 200) throw new Error(`${call.nsid} was refused (${status}): ${body}`)
    return JSON.parse(body)
  }
}
