import { groups } from './groups.ts'
import { growth } from './growth.ts'
import { kill9 } from './kill9.ts'
import { live } from './live.ts'
import { memory } from './memory.ts'
import type { Part } from './part.ts'
import { peers } from './peers.ts'
import { mixed, pages, polls } from './reads.ts'
import { sdk } from './sdk.ts'
import { sends } from './sends.ts'

export const parts: readonly Part[] = [
  sends,
  pages,
  polls,
  mixed,
  growth,
  groups,
  live,
  memory,
  peers,
  kill9,
  sdk,
]
