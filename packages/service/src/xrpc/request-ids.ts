/** A name for the next request, by which its lines in the log belong together. */
export type NextRequestId = () => string

/** `prefix` tells apart those who count side by side. */
export function countRequests(prefix = ''): NextRequestId {
  let requests = 0
  return () => {
    requests += 1
    return `${prefix}${requests}`
  }
}
