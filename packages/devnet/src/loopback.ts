import type { Server } from 'node:http'

/** The only address anything of devnet listens on: the passwords are known, nobody else may come in. */
export const loopbackAddress = '127.0.0.1'

/** The part of an Express application that opens its port. */
export interface Listens {
  listen(port: number): Server
}

/**
 * Makes `app.listen(port)` bind the loopback address only.
 * The PDS and the PLC directory call `listen(port)` themselves, which binds every interface, and have no option
 * for the host. Replacing the method on their one application object leaves the rest of the process alone.
 * To be called after the server is created and before it starts: the PDS wraps the method too.
 */
export function listenOnLoopback(app: Listens): void {
  const listen = app.listen.bind(app) as (port: number, host: string) => Server
  app.listen = port => listen(port, loopbackAddress)
}

/**
 * Whether a request names this machine in its `Host` header.
 * A web page elsewhere can point a name of its own at 127.0.0.1 and read our answers as its own (DNS rebinding);
 * its requests then carry that name.
 */
export function namesThisMachine(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '')
  return name === 'localhost' || name === loopbackAddress
}
