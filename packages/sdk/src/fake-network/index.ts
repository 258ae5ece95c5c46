/** A network in memory, for tests of programs that use direct messages: `@parley/sdk/testing`. Node only. */
export { FakeNetwork, type FakeNetworkOptions, fakeNetwork } from './fake-network.ts'
export type { FakeUser, SeenRequest } from './fake-pds.ts'
export type { Fault } from './faults.ts'
export type { Listening } from './listen.ts'
