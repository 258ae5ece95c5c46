import type { Did } from '@atcute/lexicons/syntax'
import { isDid } from '@atcute/lexicons/syntax'
import { ConfigError } from '../config.ts'

/** What is needed to speak for an Ozone: with it, and to the chat service in its name. */
export interface AccessConfig {
  /** Origin of Ozone. */
  ozoneUrl: string
  /** Who Ozone is. */
  ozoneDid: Did
  adminPassword: string
  /** With which Ozone signs, 32 bytes. */
  signingKey: Uint8Array
  /** Origin of the chat service. */
  chatUrl: string
  chatDid: Did
  /** Path of the file that holds how far this has come. Default `ozone-access.progress`. */
  progressPath: string
}

type Environment = Record<string, string | undefined>

/**
 * The configuration that Ozone's own variables describe: `OZONE_PUBLIC_URL`, `OZONE_SERVER_DID`,
 * `OZONE_ADMIN_PASSWORD`, `OZONE_SIGNING_KEY_HEX`, `OZONE_CHAT_URL`, `OZONE_CHAT_DID`; and `PARLEY_OZONE_PROGRESS`.
 * @throws ConfigError naming every variable that is missing or wrong; the values of secrets are not in it
 */
export function readAccessConfig(env: Environment): AccessConfig {
  const problems: string[] = []
  const read = <T extends string>(name: string, isRight: (text: string) => text is T, wanted: string) => {
    const text = env[name]?.trim() ?? ''
    if (!isRight(text)) problems.push(`${name} is ${text === '' ? 'not set' : 'wrong'}: give ${wanted}`)
    return text as T
  }
  const config = {
    ozoneUrl: read('OZONE_PUBLIC_URL', isOrigin, 'the origin of Ozone, such as https://ozone.example.org'),
    ozoneDid: read('OZONE_SERVER_DID', isDid, 'the DID of Ozone, as in its own environment'),
    adminPassword: read('OZONE_ADMIN_PASSWORD', isText, 'the admin password of Ozone'),
    signingKey: Buffer.from(
      read('OZONE_SIGNING_KEY_HEX', isKey, 'the 64 hexadecimal digits of Ozone’s signing key'),
      'hex',
    ),
    chatUrl: read(
      'OZONE_CHAT_URL',
      isOrigin,
      'the origin of the chat service, such as https://chat.example.org',
    ),
    chatDid: read('OZONE_CHAT_DID', isDid, 'the DID of the chat service, such as did:web:chat.example.org'),
    progressPath: env.PARLEY_OZONE_PROGRESS?.trim() || 'ozone-access.progress',
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return { ...config, ozoneUrl: originOf(config.ozoneUrl), chatUrl: originOf(config.chatUrl) }
}

function isText(text: string): text is string {
  return text !== ''
}

function isKey(text: string): text is string {
  return /^[0-9a-f]{64}$/i.test(text)
}

function isOrigin(text: string): text is string {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
}

/** Without the slash that may stand at its end. */
function originOf(url: string): string {
  return new URL(url).origin
}
