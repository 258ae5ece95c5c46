/** For tests: sends requests while the test itself is busy, and says so when one is refused because the service is busy. */

import { connect } from 'node:net'
import { workerData } from 'node:worker_threads'

const { port, request, requests, isRefused } = workerData as {
  port: number
  request: string
  requests: number
  isRefused: Int32Array<SharedArrayBuffer>
}

for (let sent = 0; sent < requests; sent += 1) {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  socket.on('error', () => {})
  socket.on('data', answer => {
    if (!String(answer).startsWith('HTTP/1.1 503 ')) return
    Atomics.store(isRefused, 0, 1)
    Atomics.notify(isRefused, 0)
  })
}
