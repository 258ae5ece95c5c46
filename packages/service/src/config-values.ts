import { isIP } from 'node:net'
import type { Did } from '@atcute/lexicons/syntax'
import { isDid } from '@atcute/lexicons/syntax'
import { httpWorkersMax, type Rate } from './limits.ts'
import type { LogLevel } from './logger.ts'

/** From the text of a variable to its value; throws a sentence that says what to give instead. */
export type Converter<T> = (text: string) => T

export function toText(text: string): string {
  return text
}

export function toHostname(text: string): string {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$/.test(text)) return text
  throw new Error('give a host name in small letters, without https:// and without a path')
}

export function toDid(text: string): Did {
  if (isDid(text)) return text
  throw new Error('give a DID such as did:web:chat.example.org')
}

export function toOrigin(text: string): string {
  const url = URL.parse(text)
  const isOrigin =
    url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  if (isOrigin && (url.protocol === 'https:' || url.protocol === 'http:')) return url.origin
  throw new Error('give an origin such as https://example.org, without a path')
}

export function toNatsServers(text: string): string[] {
  const servers = toListOf(toNatsServer)(text)
  if (new Set(servers.map(server => URL.parse(server)?.protocol)).size === 1) return servers
  throw new Error('give all servers tls://, which demands TLS of each, or all of them nats://')
}

function toNatsServer(text: string): string {
  const url = URL.parse(text)
  const isServer = url !== null && (url.protocol === 'nats:' || url.protocol === 'tls:')
  if (!isServer || url.hostname === '' || !/^\/?$/.test(url.pathname) || url.search !== '') {
    throw new Error('give an address such as nats://127.0.0.1:4222')
  }
  // The library would look for "localhost" in the certificate.
  if (url.protocol === 'tls:' && isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) {
    throw new Error('give tls:// with the host name that stands in the certificate, not with an IP address')
  }
  return text
}

export function toPort(text: string): number {
  const port = Number(text)
  if (/^[0-9]+$/.test(text) && port <= 65_535) return port
  throw new Error('give a port from 0 to 65535')
}

export function toHttpWorkers(text: string): number {
  if (/^[0-9]{1,2}$/.test(text) && Number(text) <= httpWorkersMax) return Number(text)
  throw new Error(`give a number from 0 to ${httpWorkersMax}`)
}

export function toCount(text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text)
  throw new Error('give a whole number such as 24')
}

export function toRate(text: string): Rate {
  const [, count, periodSec] = /^([1-9][0-9]{0,8})\/([1-9][0-9]{0,8})$/.exec(text) ?? []
  if (count === undefined || periodSec === undefined) throw new Error('give count/seconds, such as 30/60')
  return { count: Number(count), periodSec: Number(periodSec) }
}

export function toSwitch(text: string): boolean {
  if (text === 'on') return true
  if (text === 'off') return false
  throw new Error('give on or off')
}

export function toLogLevel(text: string): LogLevel {
  const levels: LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']
  const level = levels.find(known => known === text)
  if (level === undefined) throw new Error(`give one of ${levels.join(', ')}`)
  return level
}

export function toListOf<T>(convert: Converter<T>): Converter<T[]> {
  return text => {
    const items = text.split(',').map(item => item.trim())
    return items.map(item => {
      try {
        return convert(item)
      } catch (error) {
        const shown = item.includes('@') ? `number ${items.indexOf(item) + 1}` : `"${item}"`
        throw items.length > 1 ? new Error(`${shown} of it: ${(error as Error).message}`) : error
      }
    })
  }
}
