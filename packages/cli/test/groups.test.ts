import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Stage } from './stage.ts'

describe('groups', () => {
  test('are made, filled, and left', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('bob.test', 'alice.test')
    const [made] = (await stage.parley(['groups', 'create', 'Book club', 'bob.test'])).json
    assert.equal(made.group.name, 'Book club')
    assert.equal((await stage.parley(['groups', 'add', made.id, 'carla.test'])).code, 0)
    const members = async () =>
      (await stage.parley(['groups', 'members', made.id])).json.map(({ handle, role }) => [handle, role])
    assert.deepEqual(await members(), [
      ['alice.test', 'owner'],
      ['bob.test', 'standard'],
      ['carla.test', 'standard'],
    ])
    assert.equal((await stage.parley(['groups', 'remove', made.id, 'carla.test'])).code, 0)
    assert.equal((await members()).length, 2)
    const asBob = ['--account', 'bob.test']
    assert.equal((await stage.parley(['requests', ...asBob])).json[0].title, 'Book club')
    assert.equal((await stage.parley(['requests', 'accept', made.id, ...asBob])).code, 0)
    assert.equal((await stage.parley(['groups', ...asBob])).json.length, 1)
    assert.equal((await stage.parley(['groups', 'leave', made.id, ...asBob])).code, 0)
    assert.equal((await stage.parley(['groups', ...asBob])).json.length, 0)
  })

  test('are joined by their link, at once or when the owner agrees', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('carla.test', 'bob.test', 'alice.test')
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club'])).json
    assert.equal((await stage.parley(['groups', 'link', id])).code, 5)
    const [link] = (await stage.parley(['groups', 'link', id, '--enable'])).json
    const join = async (account: string) =>
      (await stage.parley(['groups', 'join', link.code, '--account', account])).json[0]?.joined
    assert.equal(await join('bob.test'), true)
    await stage.parley(['groups', 'link', id, '--approval'])
    assert.equal(await join('carla.test'), false)
    const asCarla = ['--account', 'carla.test']
    assert.equal((await stage.parley(['requests', ...asCarla])).json[0].type, 'join-request')
    assert.equal((await stage.parley(['groups', 'join-requests', id])).json[0].from.handle, 'carla.test')
    assert.equal((await stage.parley(['groups', 'approve', id, '@Carla.test'])).json[0].approved, true)
    assert.equal((await stage.parley(['groups', 'approve', id, 'carla.test'])).code, 5)
    assert.equal((await stage.parley(['groups', ...asCarla])).json.length, 1)
    assert.equal((await stage.parley(['groups', 'link', id, '--disable'])).json[0].enabledStatus, 'disabled')
  })

  test('that are asked in vain can be asked no more', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('bob.test', 'alice.test')
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club'])).json
    const [link] = (await stage.parley(['groups', 'link', id, '--enable', '--approval'])).json
    const asBob = ['--account', 'bob.test']
    await stage.parley(['groups', 'join', link.code, ...asBob])
    assert.equal((await stage.parley(['requests', 'decline', id, ...asBob])).json[0].withdrawn, true)
    assert.equal((await stage.parley(['groups', 'join-requests', id])).json.length, 0)
  })

  test('tell in their history who did what', async () => {
    await using stage = await Stage.open()
    stage.net.describe('alice.test', { displayName: 'Alice' })
    await stage.loggedIn('bob.test', 'alice.test')
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club'])).json
    await stage.parley(['groups', 'add', id, 'carla.test'])
    const [link] = (await stage.parley(['groups', 'link', id, '--enable'])).json
    await stage.parley(['groups', 'join', link.code, '--account', 'bob.test'])
    await stage.parley(['groups', 'remove', id, 'carla.test'])
    const { stdout } = await stage.parley(['read', id, '--no-color'], { terminal: 200 })
    assert.deepEqual(stdout.match(/(?<=— ).*/g), [
      'Alice added carla.test',
      'A join link was made',
      'bob.test joined by the link',
      'Alice removed carla.test',
    ])
    assert.match((await stage.parley(['ls', '--no-json'])).stdout, / — Alice removed /)
    assert.equal((await stage.parley(['read', id])).json.at(-1).summary, 'Alice removed carla.test')
  })

  test('are renamed, locked and unlocked, and end when their owner leaves them locked', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('bob.test', 'alice.test')
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club', 'bob.test'])).json
    assert.equal((await stage.parley(['groups', 'rename', id, 'Film club'])).json[0].title, 'Film club')
    const inVain = await stage.parley(['groups', 'leave', id])
    assert.equal(inVain.code, 4)
    assert.match(inVain.stderr, /hint: .*parley groups lock/)
    assert.equal((await stage.parley(['groups', 'lock', id])).json[0].group.lock, 'locked')
    const refused = await stage.parley(['send', id, 'hello', '--account', 'bob.test'])
    assert.equal(refused.code, 4)
    assert.equal((await stage.parley(['groups', 'unlock', id])).json[0].group.lock, 'unlocked')
    await stage.parley(['groups', 'lock', id])
    assert.equal((await stage.parley(['groups', 'leave', id])).code, 0)
  })

  test('are joined by the whole link as well as by its code', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('bob.test', 'alice.test')
    const [{ id }] = (await stage.parley(['groups', 'create', 'Club'])).json
    const [{ code }] = (await stage.parley(['groups', 'link', id, '--enable'])).json
    const asBob = ['--account', 'bob.test']
    const join = (link: string) => stage.parley(['groups', 'join', link, ...asBob])
    assert.equal((await join(`https://example.com/join/${code}/?from=here#top`)).json[0]?.joined, true)
    const wrong = await join('abcdefg')
    assert.deepEqual([wrong.code, /hint: No link has this code/.test(wrong.stderr)], [5, true])
    await stage.parley(['groups', 'remove', id, 'bob.test'])
    assert.match((await join(code)).stderr, /hint: You were removed/)
    await stage.parley(['groups', 'link', id, '--disable'])
    assert.match((await join(code)).stderr, /hint: Its owner has closed the link/)
  })

  test('are not what a direct convo is', async () => {
    await using stage = await Stage.open()
    await stage.loggedIn('alice.test')
    await stage.parley(['send', 'bob.test', 'hello'])
    assert.equal((await stage.parley(['groups', 'add', 'bob.test', 'carla.test'])).code, 2)
    assert.equal((await stage.parley(['groups', 'leave', 'bob.test'])).code, 2)
    assert.equal((await stage.parley(['ls'])).json.length, 1)
  })
})

test('who may begin a conversation is shown and changed', async () => {
  await using stage = await Stage.open()
  await stage.loggedIn('alice.test')
  assert.equal((await stage.parley(['incoming', 'none'])).json[0].incoming, 'none')
  assert.deepEqual((await stage.parley(['incoming', '--groups', 'following'])).json, [
    { incoming: 'none', groups: 'following' },
  ])
  assert.equal((await stage.parley(['incoming', 'nobody'])).code, 2)
})

test('a request is declined, and the convo is gone', async () => {
  await using stage = await Stage.open()
  await stage.loggedIn('bob.test', 'alice.test')
  await stage.parley(['send', 'bob.test', 'hello'])
  const asBob = ['--account', 'bob.test']
  const [declined] = (await stage.parley(['requests', 'decline', 'alice.test', ...asBob])).json
  assert.equal(declined.declined, true)
  assert.equal((await stage.parley(['ls', ...asBob])).json.length, 0)
})

test('a convo that was taken up is not declined: that would lose its history', async () => {
  await using stage = await Stage.open()
  await stage.loggedIn('alice.test')
  await stage.parley(['send', 'bob.test', 'hello'])
  const { code, stderr } = await stage.parley(['requests', 'decline', 'bob.test'])
  assert.equal(code, 2)
  assert.match(stderr, /\nhint: .*parley leave bob\.test\n$/)
  assert.equal((await stage.parley(['read', 'bob.test'])).json.length, 1)
})

test('a convo is left, at a terminal only by who says yes', async () => {
  await using stage = await Stage.open()
  await stage.loggedIn('alice.test')
  const count = async () => (await stage.parley(['ls'])).json.length
  await stage.parley(['send', 'bob.test', 'hello'])
  const asked = await stage.parley(['leave', 'bob.test'], { terminal: 80, typed: ['\r'] })
  assert.deepEqual([asked.code, await count()], [1, 1])
  assert.match(asked.stderr, /history is gone/)
  assert.equal((await stage.parley(['leave', 'bob.test'], { terminal: 80, typed: ['y'] })).code, 0)
  assert.equal(await count(), 0)
  await stage.parley(['send', 'bob.test', 'hello'])
  assert.equal((await stage.parley(['leave', 'bob.test', '--yes'], { terminal: 80 })).code, 0)
  await stage.parley(['send', 'bob.test', 'hello'])
  assert.equal((await stage.parley(['leave', 'bob.test'])).json[0].left, true)
  assert.equal(await count(), 0)
})

test('a convo is muted and unmuted', async () => {
  await using stage = await Stage.open()
  await stage.loggedIn('alice.test')
  await stage.parley(['send', 'bob.test', 'hello'])
  assert.equal((await stage.parley(['mute', 'bob.test'])).json[0].muted, true)
  assert.equal((await stage.parley(['unmute', 'bob.test'])).json[0].muted, false)
})
