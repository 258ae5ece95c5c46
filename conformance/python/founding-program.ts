import assert from 'node:assert/strict'

/** What may be changed in the founding program, and nothing else. */
export interface Cast {
  service: string
  username: string
  password: string
  recipient: string
}

/** The founding program with its constants, base URL and recipient set. Throws where one is not there exactly once. */
export function withCast(source: string, { service, username, password, recipient }: Cast): string {
  const substitutions = [
    ["USERNAME = 'example.com'", `USERNAME = ${literal(username)}`],
    ["PASSWORD = 'hunter2'", `PASSWORD = ${literal(password)}`],
    ['client = Client()', `client = Client(${literal(service)})`],
    ["resolve('test.marshal.dev')", `resolve(${literal(recipient)})`],
  ] as const
  return substitutions.reduce((program, [before, after]) => {
    const parts = program.split(before)
    assert.equal(
      parts.length,
      2,
      `the founding program has ${before} ${parts.length - 1} times instead of once`,
    )
    return parts.join(after)
  }, source)
}

/** For ASCII, a string of JSON is one of Python. */
function literal(text: string): string {
  return JSON.stringify(text)
}
