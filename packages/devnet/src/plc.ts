import { PlcServer } from '@did-plc/server'
import { listenOnLoopback } from './loopback.ts'
import type { PlcStore } from './plc-store.ts'
import type { ReservedPort } from './ports.ts'

export interface Plc {
  url: string
  close(): Promise<void>
}

/** Starts the real PLC directory. It closes its store when it ends. */
export async function startPlc(options: { port: ReservedPort; store: PlcStore }): Promise<Plc> {
  const { port } = options.port
  const server = PlcServer.create({ db: options.store, port })
  listenOnLoopback(server.app)
  await options.port.release()
  await server.start()
  return { url: `http://localhost:${port}`, close: () => server.destroy() }
}
