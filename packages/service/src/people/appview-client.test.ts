import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppViewClient, type ListQuery } from './appview-client.ts'

const query: ListQuery = { nsid: 'a.b.list', param: 'keys', keyCharsMax: 256, field: 'items' }

/** An AppView that answers every key with itself, unless `refuse` has another answer. */
function open(refuse: (keys: string[], url: URL) => Response | undefined) {
  const urls: URL[] = []
  const client = new AppViewClient({
    url: 'http://appview.test',
    fetch: async input => {
      const url = new URL(new Request(input).url)
      const keys = url.searchParams.getAll('keys')
      urls.push(url)
      return refuse(keys, url) ?? Response.json({ items: keys })
    },
  })
  return { client, urls }
}

function keysOf(count: number, length = 32): string[] {
  return Array.from({ length: count }, (_, i) => `did:web:${i}.`.padEnd(length, 'a'))
}

test('a list that is refused for its length is asked for in halves', async () => {
  for (const status of [413, 414, 431]) {
    const { client, urls } = open(keys => (keys.length > 3 ? new Response('', { status }) : undefined))
    const keys = keysOf(10)
    assert.deepEqual(await client.list(query, keys), keys, String(status))
    assert.equal(urls.length, 7, String(status))
  }
})

test('one key that is refused for its length is no answer, since it is not long', async () => {
  for (const status of [413, 414, 431]) {
    const { client } = open(() => new Response('', { status }))
    await assert.rejects(client.list(query, keysOf(4)), { name: 'UpstreamFailure' }, String(status))
  }
})

test('an item that makes the answer too large spoils only itself', async () => {
  const keys = keysOf(5)
  const huge = keys[2]!
  const { client } = open(asked =>
    asked.includes(huge) ? Response.json({ items: ['x'.repeat(1024 * 1024)] }) : undefined,
  )
  assert.deepEqual(
    await client.list(query, keys),
    keys.filter(key => key !== huge),
  )
})

test('no call has a URL of more than 6 KB', async () => {
  const { client, urls } = open(() => undefined)
  const keys = keysOf(60, 256)
  assert.deepEqual(await client.list({ ...query, fixed: ['actor', keys[0]!] }, keys), keys)
  assert.ok(urls.every(({ href }) => href.length <= 6 * 1024))
  assert.ok(urls.length > 1)
})

test('keys that are too long for a name are not asked about, and have no items', async () => {
  const { client, urls } = open(() => undefined)
  const [fits, tooLong] = [keysOf(1, 256)[0]!, keysOf(1, 257)[0]!]
  assert.deepEqual(await client.list(query, [tooLong, fits]), [fits])
  assert.equal(urls.length, 1)
  assert.deepEqual(await client.list(query, [tooLong]), [])
  assert.deepEqual(await client.list({ ...query, fixed: ['actor', tooLong] }, [fits]), [])
  assert.equal(urls.length, 1)
})
