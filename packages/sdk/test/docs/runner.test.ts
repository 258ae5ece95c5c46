import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { fakeNetwork } from '../../src/fake-network/index.ts'
import { Client } from '../../src/index.ts'
import { internetOf } from './internet.ts'
import { isAs, type Snippet, snippetsOf } from './page.ts'
import { Workplace } from './workplace.ts'

/** The snippets of a page with this text. */
function page(text: string): Snippet[] {
  const folder = mkdtempSync(join(tmpdir(), 'parley-page-'))
  try {
    writeFileSync(join(folder, 'page.md'), text)
    return snippetsOf(pathToFileURL(`${folder}/`), 'page.md')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function block(code: string, comment = ''): string {
  return `${comment}\n\`\`\`ts\n${code}\n\`\`\`\n`
}

describe('the runner of snippets', () => {
  it('tells of what does not compile by page and line', async () => {
    using workplace = new Workplace(page(`# Title\n${block('const one = 1\nconst two: string = one')}`))
    const [complaint, ...others] = await workplace.compile()
    assert.match(complaint!, /^page\.md:5: error TS2322/)
    assert.deepEqual(others, [])
  })

  it('sees that a snippet throws, and that one hangs', async () => {
    const [throws, hangs] = page(block("throw new Error('no')") + block('setInterval(() => {}, 1000)'))
    using workplace = new Workplace([throws!])
    const thrown = await workplace.run(throws!)
    assert.equal(thrown.exitCode, 1)
    assert.match(thrown.complaints, /snippet\.ts:3\b[\s\S]*Error: no/)
    using impatient = new Workplace([hangs!], 3_000)
    assert.equal((await impatient.run(hangs!)).exitCode, undefined)
  })

  it('sees that a snippet does not do what others wait for', async () => {
    const comment =
      '<!-- snippet with client\nalice.example.com says: Hi\nwhile it runs:\nalice.example.com hears: Ho\n-->'
    const [snippet] = page(
      block("await client.dm.send('alice.example.com', 'Hey')\nconsole.log('sent')", comment),
    )
    using workplace = new Workplace([snippet!], 20_000)
    const ran = await workplace.run(snippet!)
    assert.deepEqual([ran.exitCode, ran.printed], [1, ['sent']])
    assert.match(ran.complaints, /alice\.example\.com never heard it, but: \["Hey"\]/)
  })

  it('has a token for the chat service that the snippet calls, and for no other', async () => {
    await using net = fakeNetwork({ users: ['alice.example.com'] })
    const fetchThis = internetOf(net, () => {})
    const client = new Client({ fetch: fetchThis })
    let token = ''
    client.onSessionChange((_event, { accessJwt }) => {
      token = accessJwt
    })
    await client.login('alice.example.com', net.user('alice.example.com').password)
    await client.dm.unread()
    const statusFor = async (aud: string) => {
      const asked = `https://bsky.social/xrpc/com.atproto.server.getServiceAuth?aud=${encodeURIComponent(aud)}&lxm=chat.bsky.convo.getLog`
      return (await fetchThis(asked, { headers: { authorization: `Bearer ${token}` } })).status
    }
    for (const id of ['', '#bsky_chat']) {
      assert.equal(await statusFor(`did:web:api.bsky.chat${id}`), 200)
      assert.equal(await statusFor(`did:web:elsewhere.example${id}`), 400)
    }
  })

  it('reads what is printed, and refuses words that it does not know', () => {
    assert.deepEqual(page(block("console.log('a') //=> a\nconsole.log('b') //=> b"))[0]!.prints, ['a', 'b'])
    assert.ok(isAs('in … ms', 'in 12 ms') && !isAs('in … ms', 'in 12 s'))
    assert.throws(
      () => page(block('', '<!-- snippet\nalice.example.com sings: Hi\n-->')),
      /page\.md:5: .*sings/,
    )
    assert.throws(() => page('<!-- snippet -->\nno code'), /has none behind it/)
  })
})
