import type { Part } from './part.ts'
import { mixed, pages, polls } from './reads.ts'
import { sends } from './sends.ts'

export const parts: readonly Part[] = [sends, pages, polls, mixed]
