import type { Sink } from '../world.ts'
import { cleanJson, cleanLines } from './clean.ts'
import { type Paint, type Part, paintWith, render } from './paint.ts'

export interface PrinterOptions {
  stream: Sink
  colors: boolean
}

/** Nobody reads any more, as in `parley ls | head -1`: not our trouble, and nothing to complain about. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** Writes lines. Everything resolves when it is written, and throws OutputClosed where nobody reads any more. */
export class Printer {
  readonly stream: Sink
  readonly paint: Paint

  constructor({ stream, colors }: PrinterOptions) {
    this.stream = stream
    this.paint = paintWith(colors)
  }

  /** Columns of the terminal, 80 where it does not know them; no limit elsewhere. */
  get width(): number {
    return this.stream.isTTY ? this.stream.columns || 80 : Number.POSITIVE_INFINITY
  }

  line(...parts: readonly Part[]): Promise<void> {
    return this.#write(`${render(parts)}\n`)
  }

  /** Text of others, each of its lines behind `indent`. */
  async text(text: string, indent = ''): Promise<void> {
    for (const line of cleanLines(text)) await this.line(indent, line)
  }

  /** One object in one line. */
  json(value: unknown): Promise<void> {
    return this.#write(`${cleanJson(value)}\n`)
  }

  /** Text of our own making, such as help and scripts: line ends stay. */
  plain(text: string): Promise<void> {
    return this.#write(text)
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream.write(text, error => (error ? reject(closedOr(error)) : resolve()))
    })
  }
}

function closedOr(error: NodeJS.ErrnoException): Error {
  const isClosed = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED'
  return isClosed ? new OutputClosed(error.message) : error
}
