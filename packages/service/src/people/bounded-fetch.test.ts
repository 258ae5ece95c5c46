import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { boundedFetch, getJson } from './bounded-fetch.ts'
import { startJsonServer } from './testing/http-server.ts'

async function startServer(t: TestContext, body: unknown, status = 200) {
  const asked: string[] = []
  const server = await startJsonServer(nsid => {
    asked.push(nsid)
    return { status, body }
  })
  t.after(() => server.close())
  return { asked, url: new URL('/xrpc/a.b.c', server.origin) }
}

test('an address on this machine is reached only where private networks are allowed', async t => {
  const { url, asked } = await startServer(t, { fine: true })
  const named = new URL(url)
  named.hostname = 'localhost'
  for (const address of [url, named, new URL('http://[::1]/'), new URL('https://10.0.0.1/')]) {
    await assert.rejects(getJson(boundedFetch({ allowPrivateNetwork: false }), address), address.href)
  }
  assert.deepEqual(asked, [])
  const { status, body } = await getJson(boundedFetch({ allowPrivateNetwork: true }), url)
  assert.deepEqual({ status, body }, { status: 200, body: { fine: true } })
})

test('a name that leads to a private address is not followed', async () => {
  const guarded = boundedFetch({ allowPrivateNetwork: false })
  await assert.rejects(getJson(guarded, new URL('https://localhost/')), error => {
    const cause = (error as Error).cause as Error | undefined
    return /public domain/.test(`${(error as Error).message} ${cause?.message}`)
  })
})

test('a redirect is not followed', async () => {
  const asked: string[] = []
  const fetch = boundedFetch({
    allowPrivateNetwork: true,
    fetch: async input => {
      const request = new Request(input)
      asked.push(request.redirect)
      return new Response('{}')
    },
  })
  await getJson(fetch, new URL('http://host.test'))
  assert.deepEqual(asked, ['error'])
})

test('an answer of more than a megabyte is cut off', async t => {
  const { url } = await startServer(t, 'x'.repeat(1024 * 1024))
  const tooLarge = { name: 'ResponseTooLargeError' }
  await assert.rejects(getJson(boundedFetch({ allowPrivateNetwork: true }), url), tooLarge)
})

test('an answer over a limit of the caller’s is too large, whether it declares its length or not', async () => {
  for (const [length, isTooLarge] of [
    [10, false],
    [11, true],
  ] as const) {
    for (const headers of [{}, { 'content-length': String(length) }]) {
      const fetch = boundedFetch({
        allowPrivateNetwork: true,
        responseBytesMax: 10,
        fetch: async () => new Response('1'.repeat(length), { headers }),
      })
      const answer = getJson(fetch, new URL('http://host.test'))
      if (isTooLarge) await assert.rejects(answer, { name: 'ResponseTooLargeError' })
      else assert.equal((await answer).body, 1111111111)
    }
  }
})

test('a refusal that is too long still has its status', async () => {
  for (const headers of [{}, { 'content-length': '11' }]) {
    const fetch = boundedFetch({
      allowPrivateNetwork: true,
      responseBytesMax: 10,
      fetch: async () => new Response('1'.repeat(11), { status: 404, headers }),
    })
    const { status, body } = await getJson(fetch, new URL('http://host.test'))
    assert.deepEqual({ status, body }, { status: 404, body: undefined })
  }
})

test('an answer that is not JSON has no body', async () => {
  const fetch = boundedFetch({ allowPrivateNetwork: true, fetch: async () => new Response('<html>') })
  assert.equal((await getJson(fetch, new URL('http://host.test'))).body, undefined)
})
