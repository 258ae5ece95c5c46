/** What only Node can do: the entry point `@parley/sdk/node`. */

export { fileCursorStore } from './cursor-file.ts'
export { fileStore } from './file-store.ts'
export { fileSessionStore } from './session-file.ts'
