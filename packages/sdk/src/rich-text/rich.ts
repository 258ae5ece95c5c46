import { type RichPart, RichText } from './rich-text.ts'

/** Text that is a link to `url`. */
export function link(text: string, url: string | URL): RichText {
  return new RichText([{ text, link: String(url) }])
}

/** Names somebody, by handle or DID. `text` defaults to `@` and the handle. */
export function mention(actor: string, text?: string): RichText {
  const bare = actor.replace(/^@/, '')
  return new RichText([{ text: text ?? `@${bare}`, mention: bare }])
}

/** A hashtag. */
export function tag(name: string): RichText {
  const bare = name.replace(/^#/, '')
  return new RichText([{ text: `#${bare}`, tag: bare }])
}

/** ``rich`Hello ${mention('bob.example')}, see ${link('this', url)}` ``: other values are put in as plain text. */
export function rich(strings: TemplateStringsArray, ...values: unknown[]): RichText {
  const parts: RichPart[] = []
  for (const [index, text] of strings.entries()) {
    if (text !== '') parts.push({ text })
    if (index === values.length) break
    const value = values[index]
    if (value instanceof RichText) parts.push(...value.parts)
    else parts.push({ text: String(value) })
  }
  return new RichText(parts)
}
