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
  await assert.rejects(getJson(boundedFetch({ allowPrivateNetwork: true }), url))
})

test('an answer that is not JSON has no body', async () => {
  const fetch = boundedFetch({ allowPrivateNetwork: true, fetch: async () => new Response('<html>') })
  assert.equal((await getJson(fetch, new URL('http://host.test'))).body, undefined)
})
