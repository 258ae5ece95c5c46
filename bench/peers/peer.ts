/** Another chat server with an archive, as a process of its own, always on the same port and data. */
export interface Peer extends AsyncDisposable {
  name: string
  port: number
  /** With its database. */
  readonly pids: readonly number[]
  /** Resolves when it takes connections. */
  start(): Promise<void>
  /** Resolves when it is gone. Its database goes on. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Where a peer keeps its archive; `own` is what it does unless told otherwise. */
export type PeerStore = 'own' | 'sqlite' | 'postgres'
