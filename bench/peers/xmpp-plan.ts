/** What the clients of a peer do: as ours, a closed loop, one message or page on its way for each connection. */
export interface XmppPlan {
  port: number
  /** A message counts when its receiver gets it with its archive id; a page is the newest fifty of an archive. */
  task: 'send' | 'page'
  inFlight: number
  durationMs: number
  label: string
}
