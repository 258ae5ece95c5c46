import type { Did } from '@atcute/lexicons/syntax'
import { fromBase58Btc } from '@atcute/multibase'
import type { TestAccount } from '@parley/testing/account.ts'
import { createSignatureVerifier, curveOfAlgorithm } from '../../../packages/service/src/auth/signature.ts'
import type { SigningKey } from '../../../packages/service/src/people/identity.ts'

/** The number of the account that signed, or `undefined`. Checks what must be checked and nothing else. */
export type TokenCheck = (authorization: string | undefined, nsid: string) => number | undefined

export function createTokenCheck(accounts: readonly TestAccount[], audience: Did): TokenCheck {
  const signatures = createSignatureVerifier()
  const known = new Map(
    accounts.map((account, number) => [account.did as string, { number, key: keyOf(account) }]),
  )
  return (authorization, nsid) => {
    if (!authorization?.startsWith('Bearer ')) return undefined
    const [header, claims, signature] = authorization.slice('Bearer '.length).split('.')
    if (!header || !claims || !signature) return undefined
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString())
    const { iss, aud, exp, lxm } = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const issuer = known.get(iss)
    if (!issuer || aud !== audience || lxm !== nsid || !(exp * 1000 > Date.now())) return undefined
    if (curveOfAlgorithm[alg as keyof typeof curveOfAlgorithm] !== issuer.key.curve) return undefined
    const isValid = signatures.verify(issuer.key, `${header}.${claims}`, Buffer.from(signature, 'base64url'))
    return isValid ? issuer.number : undefined
  }
}

/** The point behind the two bytes that name its curve. */
function keyOf({ alg, multikey }: TestAccount): SigningKey {
  return { curve: curveOfAlgorithm[alg], bytes: fromBase58Btc(multikey.slice(1)).subarray(2) }
}
