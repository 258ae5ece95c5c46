/** How a PostgreSQL is reached. */
export interface Address {
  /** A host name, or the folder of its socket. */
  host: string
  port: number
  database: string
  user: string
  password: string
  tls: Tls
}

/** `require` encrypts, `verify-full` also checks who answers. */
export type Tls = 'disable' | 'require' | 'verify-full'

const tlsModes: readonly Tls[] = ['disable', 'require', 'verify-full']

export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text)
}

/**
 * Reads `postgres://user:password@host:port/database`, whose host may be a folder with its slashes as %2F, and which
 * may end in `?sslmode=require` or `verify-full`. Throws a sentence that repeats nothing of the text: it has a password.
 */
export function readAddress(text: string): Address {
  const url = isPostgresAddress(text) ? URL.parse(text) : null
  const database = url && decode(url.pathname.slice(1))
  const [user, password, host] = [url?.username, url?.password, url?.hostname].map(part => decode(part ?? ''))
  const { sslmode = 'disable', ...others } = Object.fromEntries(url?.searchParams ?? [])
  const tls = tlsModes.find(mode => mode === sslmode)
  if (!url || !database || database.includes('/') || !user || !host || url.hash !== '') {
    throw new Error('give an address such as postgres://user:password@host:5432/database')
  }
  if (!tls || Object.keys(others).length > 0) {
    throw new Error(`after the database there may be ?sslmode= with one of ${tlsModes.join(', ')}`)
  }
  return { host, port: Number(url.port || 5432), database, user, password: password ?? '', tls }
}

/** For people to read: where it is, and never the password. */
export function placeOf({ host, port, database }: Address): string {
  return `${database} at ${host}:${port}`
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
