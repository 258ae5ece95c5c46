import type { Part } from './part.ts'
import { sends } from './sends.ts'

export const parts: readonly Part[] = [sends]
