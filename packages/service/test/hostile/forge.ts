import { createHmac } from 'node:crypto'
import type { TestKey } from '../../src/auth/test-tokens.ts'
import { type Name, nowSec, nsids, serviceDid, type World } from './world.ts'

/** What a token is made of, as JSON texts, so that it may hold what no JSON.stringify writes. */
export interface Recipe {
  /** Whose key signs, and who it says it is from. Default alice. */
  name?: Name
  /** Default: that of `name`. */
  key?: TestKey
  /** Texts of header fields over the usual ones; `undefined` leaves one out. */
  header?: Record<string, string | undefined>
  /** Texts of claims over the usual ones; `undefined` leaves one out. */
  claims?: Record<string, string | undefined>
  /** Text of more claims, before and after the usual ones. */
  first?: string
  last?: string
  /** What becomes of the claims' text. */
  written?: (claims: string) => string | Uint8Array
}

/** A token for `getLog`. */
export async function forge(world: World, recipe: Recipe): Promise<string> {
  const { name = 'alice', header, claims, first, last } = recipe
  const key = recipe.key ?? world.keys[name]
  const usual = {
    iss: quoted(world.dids[name]),
    aud: quoted(serviceDid),
    exp: String(nowSec() + 60),
    lxm: quoted(nsids.getLog),
    jti: quoted(crypto.randomUUID()),
  }
  const head = objectText({ typ: '"JWT"', alg: quoted(key.alg), ...header })
  const { written = text => text } = recipe
  const body = written(objectText({ ...usual, ...claims }, first, last))
  return sign(key, `${encode(head)}.${encode(body)}`)
}

export async function sign(key: TestKey, signed: string): Promise<string> {
  return `${signed}.${encode(await key.sign(Buffer.from(signed)))}`
}

export function encode(bytes: string | Uint8Array): string {
  return Buffer.from(bytes as string).toString('base64url')
}

export function quoted(text: string): string {
  return JSON.stringify(text)
}

function objectText(fields: Record<string, string | undefined>, first?: string, last?: string): string {
  const pairs = Object.entries(fields).flatMap(([name, text]) =>
    text === undefined ? [] : [`${quoted(name)}:${text}`],
  )
  return `{${[...(first ? [first] : []), ...pairs, ...(last ? [last] : [])].join()}}`
}

/** The same token with another signature in its place. */
export function withSignature(token: string, change: (signature: Buffer) => Uint8Array): string {
  const [header, claims, signature] = token.split('.')
  return `${header}.${claims}.${encode(change(Buffer.from(signature!, 'base64url')))}`
}

/** Signed with the account's public key as if it were a shared secret. */
export function signedByHmac(token: string, key: TestKey): string {
  const signed = token.split('.').slice(0, 2).join('.')
  return `${signed}.${createHmac('sha256', key.public.bytes).update(signed).digest('base64url')}`
}

const orders = {
  ES256K: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
}

/** The twin of a signature, valid over the same bytes: s replaced by the curve's order minus s. */
export function twin(token: string, alg: keyof typeof orders): string {
  return withSignature(token, signature => {
    const s = orders[alg] - BigInt(`0x${signature.toString('hex', 32)}`)
    return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  })
}

/** The same signature spelt otherwise: four bits of its last character mean nothing. */
export function respelt(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + letters[letters.indexOf(token.at(-1)!) ^ 1]
}

/** Signatures as X.509 writes them. */
export function asDer(signature: Buffer): Buffer {
  const integers = [signature.subarray(0, 32), signature.subarray(32)].map(half =>
    half[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), half]) : half,
  )
  const body = Buffer.concat(integers.flatMap(integer => [Buffer.of(2, integer.length), integer]))
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}
