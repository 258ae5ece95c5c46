import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { PortTakenError } from './errors.ts'
import { loopbackAddress } from './loopback.ts'

/** Where each member listens. The AppView is left out: only the PDS calls it, on a free port. */
export interface Ports {
  plc: number
  pds: number
  chat: number
  web: number
}

/** A port kept free for a member that must know its own address before it listens. */
export interface ReservedPort {
  port: number
  /** Gives the port up, to be bound at once. */
  release(): Promise<void>
}

/** Takes `port` on the loopback address, any free one without it. Throws PortTakenError. */
export async function reservePort(member: string, port = 0): Promise<ReservedPort> {
  // Who already looks for the member is turned away, to try again; a connection held open would block the release.
  const server = createServer(socket => socket.destroy())
  server.listen(port, loopbackAddress)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTakenError(member, port)
    throw error
  }
  return { port: (server.address() as AddressInfo).port, release: () => close(server) }
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  await once(server, 'close')
}
