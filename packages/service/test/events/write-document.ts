/** Writes docs/events.md from the table beside this file. */
import { writeFileSync } from 'node:fs'
import { eventsDocument } from './document.ts'

writeFileSync(new URL('../../../../docs/events.md', import.meta.url), eventsDocument())
