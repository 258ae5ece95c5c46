/** As much of a WebSocket as is needed: that of browsers and Node, or a library's. */
export interface WebSocketLike {
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
  close(): void
}

/** Opens one. It says by its events what becomes of it. */
export type OpenWebSocket = (url: string, protocols: string[]) => WebSocketLike

/** The platform's own; Node 20 has none. */
export const platformWebSocket: OpenWebSocket | undefined =
  typeof WebSocket === 'undefined' ? undefined : (url, protocols) => new WebSocket(url, protocols)
