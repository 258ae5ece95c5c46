/** What only Node can do: the entry point `@parley/sdk/node`. */
export { fileSessionStore } from './session-file.ts'
