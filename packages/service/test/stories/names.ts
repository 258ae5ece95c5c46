import type { Did } from '@atcute/lexicons/syntax'

/** What the deeds of a story have made, by the names that they gave it. */
export class Names {
  readonly #cast: readonly { did: Did }[]
  readonly #ids = new Map<string, string>()

  constructor(cast: readonly { did: Did }[]) {
    this.#cast = cast
  }

  /** Notes what an answer has made under this name. */
  note(name: string, answer: unknown): void {
    const made = idIn(answer)
    if (made) this.#ids.set(name, made)
  }

  /** Whether everything that is named in it has been made. */
  knowsAll(given: unknown): boolean {
    const named = JSON.stringify(given).matchAll(/"\$([clm]\d+)"/g)
    return [...named].every(([, name]) => this.#ids.has(name!))
  }

  /** What was given, with ids in the places of names. */
  resolve(given: unknown): unknown {
    if (typeof given === 'string') return this.#idOf(given)
    if (Array.isArray(given)) return given.map(item => this.resolve(item))
    if (typeof given !== 'object' || given === null) return given
    return Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, key === '$type' ? value : this.resolve(value)]),
    )
  }

  #idOf(text: string): string {
    if (/^@\d$/.test(text)) return this.#cast[Number(text[1])]!.did
    if (text.startsWith('$')) return this.#ids.get(text.slice(1)) ?? nobodyHas
    return text
  }
}

const nobodyHas = '3kabcdefghijk'

/** What an answer makes: a convo, a message, the first of several, or a code. */
function idIn(answer: unknown): string | undefined {
  const { convo, id, items, joinLink } = answer as {
    convo?: { id: string }
    id?: string
    items?: { id: string }[]
    joinLink?: { code: string }
  }
  return convo?.id ?? id ?? items?.[0]?.id ?? joinLink?.code
}
