/** Writes docs/hostile-input.md from the tables. */
import { writeFileSync } from 'node:fs'
import { documentUrl, hostileInputDocument } from './document.ts'

writeFileSync(documentUrl, hostileInputDocument())
