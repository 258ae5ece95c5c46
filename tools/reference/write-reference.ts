/** Writes docs/sdk/reference.md and the pages below docs/sdk/reference/: `npm run docs`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { sdkReference } from './reference.ts'

const root = new URL('../../', import.meta.url)
const { pages } = sdkReference()
rmSync(new URL('docs/sdk/reference/', root), { recursive: true, force: true })
mkdirSync(new URL('docs/sdk/reference/', root), { recursive: true })
for (const [path, text] of pages) writeFileSync(new URL(path, root), text)
