/** As much of a WebSocket as is needed: that of browsers and Node, or a library's. */
export interface WebSocketLike {
  /** What comes is text. */
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  /** `close` is told in any case, also of one that never opened. */
  addEventListener(type: 'close' | 'error', listener: () => void): void
  /** Ends it. Nothing may be told after that but `close`. */
  close(): void
}

/** Opens one. It says by its events what becomes of it. */
export type OpenWebSocket = (url: string, protocols: string[]) => WebSocketLike

/** The platform's own; Node 20 has none. */
export const platformWebSocket: OpenWebSocket | undefined =
  typeof WebSocket === 'undefined' ? undefined : (url, protocols) => new WebSocket(url, protocols)
