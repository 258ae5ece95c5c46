import { opening } from './direct/opening.ts'
import { requests } from './direct/requests.ts'
import type { Subject } from './script.ts'

/** In the order in which they are played. */
export const subjects: readonly Subject[] = [opening, requests]
