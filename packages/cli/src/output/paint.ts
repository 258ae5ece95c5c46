import { clean } from './clean.ts'

/** Text that is safe to print, with colours. Only a Paint makes it, so that no text of others passes for it. */
export class Painted {
  readonly text: string

  private constructor(text: string) {
    this.text = text
  }

  static with(open: number, close: number, text: string): Painted {
    return new Painted(`\u001b[${open}m${clean(text)}\u001b[${close}m`)
  }
}

/** What a line is made of: strings are cleaned before they are printed. */
export type Part = string | Painted

export interface Paint {
  bold(text: string): Part
  dim(text: string): Part
  red(text: string): Part
  green(text: string): Part
  yellow(text: string): Part
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const

/** Colours, or none: the text as it is. */
export function paintWith(hasColors: boolean): Paint {
  const brush =
    ([open, close]: readonly [number, number]) =>
    (text: string): Part =>
      hasColors ? Painted.with(open, close, text) : text
  return {
    bold: brush(codes.bold),
    dim: brush(codes.dim),
    red: brush(codes.red),
    green: brush(codes.green),
    yellow: brush(codes.yellow),
  }
}

export function render(parts: readonly Part[]): string {
  return parts.map(part => (typeof part === 'string' ? clean(part) : part.text)).join('')
}
