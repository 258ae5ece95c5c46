/** As much of a WebSocket as is needed: that of browsers and Node, or a library's. */
export interface WebSocketLike {
  /** `data` of a message in text is a string; after `close` or `error` nothing more is told. */
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
  /** Ends it; `close` is told. */
  close(): void
}

/** Opens one. It says by its events what becomes of it. */
export type OpenWebSocket = (url: string, protocols: string[]) => WebSocketLike

/** The platform's own; Node 20 has none. */
export const platformWebSocket: OpenWebSocket | undefined =
  typeof WebSocket === 'undefined' ? undefined : (url, protocols) => new WebSocket(url, protocols)
