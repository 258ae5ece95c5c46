import { readFileSync } from 'node:fs'
import { type Atlas, listPage, type Place, referencePage } from './page.ts'
import { type EntryPoint, type Item, publicApi } from './public-api.ts'

const root = new URL('../../', import.meta.url)

export interface Reference {
  entries: EntryPoint[]
  /** Text by path from the repository's root. */
  pages: Map<string, string>
}

/** The reference of the SDK: a page for each entry point, and one that lists them. */
export function sdkReference(): Reference {
  const { name, exports } = JSON.parse(readFileSync(new URL('packages/sdk/package.json', root), 'utf8'))
  const entries = publicApi(
    Object.fromEntries(
      Object.entries<string>(exports).map(([door, path]) => [
        `${name}${door.slice(1)}`,
        `packages/sdk/${path.slice(2)}`,
      ]),
    ),
  )
  const atlas = atlasOf(entries)
  const pages = new Map([['docs/sdk/reference.md', listPage(entries, atlas)]])
  for (const entry of entries) pages.set(`docs/sdk/reference/${fileOf(entry)}`, referencePage(entry, atlas))
  return { entries, pages }
}

/** What several entry points export is told on the page of the first. */
function atlasOf(entries: readonly EntryPoint[]): Atlas {
  const places = new Map<string, Place>()
  const byCall = new Map<string, Item>()
  for (const entry of entries) {
    const told = entry.items.filter(item => !places.has(keyOf(item)))
    for (const item of told) {
      places.set(keyOf(item), { file: fileOf(entry), anchor: anchorOf(item, told) })
      byCall.set(item.name, item)
    }
  }
  return { fileOf, placeOf: item => places.get(keyOf(item))!, called: name => byCall.get(name) }
}

/** `@parley/sdk/bot` is told in `bot.md`. */
function fileOf({ name }: EntryPoint): string {
  return `${name.split('/').at(-1)}.md`
}

function keyOf({ source, name }: Item): string {
  return `${source} ${name}`
}

/** What GitHub calls a heading; of two that differ in capitals only, the second has a number. */
function anchorOf({ name }: Item, told: readonly Item[]): string {
  const anchor = name.toLowerCase()
  const isSecond = told.some(other => other.name.toLowerCase() === anchor && other.name < name)
  return isSecond ? `${anchor}-1` : anchor
}
