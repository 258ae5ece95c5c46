import { link, mention, tag } from './rich.ts'
import { type RichPart, RichText } from './rich-text.ts'

/** Builds text piece by piece, by the names of the Python SDK: `new TextBuilder().text('Hi ').mention('you', did)`. */
export class TextBuilder {
  readonly #parts: RichPart[] = []

  /** Plain text. */
  text(text: string): this {
    this.#parts.push({ text })
    return this
  }

  /** Text that is a link to `url`. */
  link(text: string, url: string | URL): this {
    this.#parts.push(...link(text, url).parts)
    return this
  }

  /** `actor` is a DID or a handle. */
  mention(text: string, actor: string): this {
    this.#parts.push(...mention(actor, text).parts)
    return this
  }

  /** Text that is a hashtag called `name`. */
  tag(text: string, name: string): this {
    this.#parts.push({ text, tag: tag(name).parts[0]!.tag! })
    return this
  }

  /** What has been put together so far. */
  build(): RichText {
    return new RichText([...this.#parts])
  }
}
