import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { check, type invariants } from './check.ts'
import type { FinalAccount, Line, Story, Told } from './history.ts'

const [first, second, third]: [Told, Told, Told] = [
  { id: 'b1', rev: 'b1', text: 'one', sender: 'alice', reactions: ['🎉 bob'] },
  { id: 'b2', rev: 'b2', text: 'two', sender: 'bob' },
  { id: 'b4', rev: 'b4', text: 'three', sender: 'alice' },
]

/** Alice and Bob at one time, then Bob's reaction, then Alice again, at the second attempt; Bob follows his log. */
function goodStory(): Story {
  const send = (call: number, message: Told): Line => {
    const { sender: account, text } = message
    return {
      kind: 'invoke',
      call,
      atMs: 0,
      op: 'send',
      account: account!,
      server: 0,
      convo: 'c',
      key: text!,
      text: text!,
    }
  }
  const sent = (call: number, message: Told): Line => ({ kind: 'ok', call, atMs: 0, answer: { message } })
  const ask = { kind: 'invoke', atMs: 0, account: 'bob', server: 0 } as const
  const lines: Line[] = [
    send(0, first),
    send(1, second),
    sent(1, second),
    sent(0, first),
    { ...ask, call: 2, op: 'react', convo: 'c', message: 'b1', value: '🎉' },
    { kind: 'ok', call: 2, atMs: 0, answer: { message: first } },
    { ...ask, call: 3, op: 'log', cursor: 'a' },
    { kind: 'ok', call: 3, atMs: 0, answer: { cursor: 'b3', rows: logOf([first, second]) } },
    send(4, third),
    { kind: 'unknown', call: 4, atMs: 0 },
    send(5, third),
    sent(5, third),
    { ...ask, call: 6, op: 'page', convo: 'c' },
    { kind: 'ok', call: 6, atMs: 0, answer: { messages: [third, second, first], older: false } },
    { ...ask, call: 7, op: 'read', convo: 'c', message: 'b4' },
    {
      kind: 'ok',
      call: 7,
      atMs: 0,
      answer: { convo: { id: 'c', rev: 'b5', unread: 0, status: 'accepted' } },
    },
    { ...ask, call: 8, op: 'log', cursor: 'b3' },
    { kind: 'ok', call: 8, atMs: 0, answer: { cursor: 'b4', rows: logOf([first, second, third]).slice(3) } },
    { ...ask, call: 9, op: 'convo', account: 'alice', convo: 'c' },
    {
      kind: 'ok',
      call: 9,
      atMs: 0,
      answer: { convo: { id: 'c', rev: 'b4', unread: 0, status: 'accepted', last: 'b4' } },
    },
  ]
  return { lines, final: [finalOf('alice', 'b4'), finalOf('bob', 'b5')] }
}

function logOf(messages: Told[]) {
  const rows = messages.map(({ id, text, sender }) => ({
    rev: id,
    type: 'createMessage',
    convo: 'c',
    message: id,
    text: text!,
    sender: sender!,
  }))
  return rows.toSpliced(2, 0, {
    rev: 'b3',
    type: 'addReaction',
    convo: 'c',
    message: 'b1',
    text: 'one',
    sender: 'alice',
  })
}

function finalOf(account: string, rev: string): FinalAccount {
  const log = logOf([first, second, third])
  const convo = { id: 'c', rev, unread: 0, status: 'accepted', last: 'b4', kind: 'direct' as const }
  return {
    account,
    log: account === 'bob' ? [...log, { rev, type: 'readConvo', convo: 'c', message: 'b4' }] : log,
    convos: [
      { ...convo, members: ['alice', 'bob'], history: [first, second, third].map(told => ({ ...told })) },
    ],
  }
}

/** The good story with one thing in it that is not as it should be. */
function flaws(spoil: (story: { lines: Line[]; final: FinalAccount[]; bobs: FinalAccount }) => void) {
  const story = structuredClone(goodStory()) as { lines: Line[]; final: FinalAccount[] }
  spoil({ ...story, bobs: story.final[1]! })
  return check(story)
}

/** Whether it is this invariant that speaks, and says this. */
function assertFlaw(found: ReturnType<typeof flaws>, invariant: keyof typeof invariants, text: RegExp): void {
  const said = found.filter(flaw => flaw.invariant === invariant).map(flaw => flaw.text)
  assert.ok(
    said.some(sentence => text.test(sentence)),
    JSON.stringify(found, null, 2),
  )
}

const answerOf = (lines: Line[], call: number) =>
  lines.findLast(line => line.call === call && line.kind === 'ok') as Extract<Line, { answer?: unknown }>

describe('the checker of histories', () => {
  test('passes one in which every promise was kept', () => {
    assert.deepEqual(
      flaws(() => {}),
      [],
    )
  })

  test('finds an acknowledged message that a history or a log has not', () => {
    assertFlaw(
      flaws(({ bobs }) => bobs.convos[0]!.history.splice(1, 1)),
      'nothingLost',
      /b2 .* history of bob/,
    )
    assertFlaw(
      flaws(({ bobs }) => bobs.log.splice(1, 1)),
      'nothingLost',
      /b2 .* log of bob/,
    )
  })

  test('finds an acknowledged message that became another', () => {
    const found = flaws(({ bobs }) => {
      bobs.convos[0]!.history[1]!.text = 'tow'
      bobs.log[0]!.text = 'on'
    })
    assertFlaw(found, 'nothingLost', /b2 is another in the history/)
    assertFlaw(found, 'nothingLost', /b1 is another in the log/)
  })

  test('finds a reaction that is lost, or there again', () => {
    assertFlaw(
      flaws(({ bobs }) => (bobs.convos[0]!.history[0]!.reactions = [])),
      'nothingLost',
      /without the 🎉 of bob/,
    )
    const again = flaws(({ lines }) => {
      const { account, server } = { account: 'bob', server: 0 }
      lines.push({
        kind: 'invoke',
        call: 20,
        atMs: 0,
        op: 'unreact',
        account,
        server,
        convo: 'c',
        message: 'b1',
        value: '🎉',
      })
      lines.push({ kind: 'ok', call: 20, atMs: 0, answer: { message: first } })
    })
    assertFlaw(again, 'nothingLost', /with the 🎉 of bob/)
  })

  test('finds a convo that was created or accepted, and is not', () => {
    const found = flaws(({ lines }) => {
      const convo = { id: 'd', rev: 'b0', unread: 0, status: 'accepted' }
      lines.push({
        kind: 'invoke',
        call: 20,
        atMs: 0,
        op: 'create',
        account: 'alice',
        server: 0,
        key: 'group',
      })
      lines.push({ kind: 'ok', call: 20, atMs: 0, answer: { convo } })
      lines.push({ kind: 'invoke', call: 21, atMs: 0, op: 'accept', account: 'bob', server: 0, convo: 'd' })
      lines.push({ kind: 'ok', call: 21, atMs: 0, answer: { convo } })
    })
    assertFlaw(found, 'nothingLost', /alice has no accepted convo d after create/)
    assertFlaw(found, 'nothingLost', /bob has no accepted convo d after accept/)
  })

  test('finds a key that made two messages', () => {
    const twice = { ...third, id: 'b6', rev: 'b6' }
    const found = flaws(({ lines, final }) => {
      lines.splice(
        lines.findIndex(line => line.kind === 'unknown'),
        1,
        {
          kind: 'ok',
          call: 4,
          atMs: 0,
          answer: { message: twice },
        },
      )
      for (const { convos } of final) convos[0]!.history.push(twice)
    })
    assertFlaw(found, 'sentOnce', /the key alice three was answered with b6 and with b4/)
    assertFlaw(found, 'sentOnce', /b6 in the history of bob is there twice/)
  })

  test('finds a message that nobody sent', () => {
    const found = flaws(({ bobs }) =>
      bobs.convos[0]!.history.push({ id: 'b7', rev: 'b7', text: 'boo', sender: 'alice' }),
    )
    assertFlaw(found, 'sentOnce', /b7 .* was sent by nobody/)
  })

  test('finds members with different orders, and an order that is not that of ids', () => {
    const found = flaws(({ bobs }) => bobs.convos[0]!.history.reverse())
    assertFlaw(found, 'oneOrder', /bob has b4 where alice has b1/)
    assertFlaw(found, 'oneOrder', /b2 is out of order/)
    assertFlaw(found, 'oneOrder', /the log of bob has b1 where the history has b4/)
  })

  test('finds a message that overtook one which had been answered before it was sent', () => {
    const found = flaws(({ final }) => {
      for (const { convos } of final) {
        convos[0]!.history = [third, first, second].map(({ text, sender }, i) => ({
          id: `b${i}`,
          rev: '',
          text: text!,
          sender: sender!,
        }))
      }
    })
    assertFlaw(found, 'oneOrder', /b1 stands after one that was sent when it had been answered/)
  })

  test('finds a row that became visible behind a cursor', () => {
    const found = flaws(({ lines }) =>
      (answerOf(lines, 3) as { answer: { rows: unknown[] } }).answer.rows.splice(1, 1),
    )
    assertFlaw(found, 'everyRowOnce', /bob after a: b2 became visible behind the cursor b3/)
  })

  test('finds a row that was told and is gone, and one that was told out of order', () => {
    assertFlaw(
      flaws(({ bobs }) => bobs.log.splice(2, 1)),
      'everyRowOnce',
      /told b3, which is not in the log/,
    )
    const found = flaws(({ lines }) =>
      (answerOf(lines, 3) as { answer: { rows: unknown[] } }).answer.rows.reverse(),
    )
    assertFlaw(found, 'everyRowOnce', /told b2 out of order/)
  })

  test('finds a log whose revs do not rise', () => {
    assertFlaw(
      flaws(({ bobs }) => (bobs.log[1]!.rev = 'b1')),
      'everyRowOnce',
      /the log of bob has b1 after b1/,
    )
  })

  test('finds a page, a convo and a log without what their reader had written', () => {
    const found = flaws(({ lines }) => {
      const { rev, id } = { rev: 'b4', id: 'c' }
      Object.assign(answerOf(lines, 9).answer!, {
        convo: { id, rev, unread: 0, status: 'accepted', last: 'b2' },
      })
      const ask = { kind: 'invoke', atMs: 0, account: 'alice', server: 0 } as const
      lines.push({ ...ask, call: 20, op: 'page', convo: 'c' })
      lines.push({ kind: 'ok', call: 20, atMs: 0, answer: { messages: [second, first], older: false } })
      lines.push({ ...ask, call: 21, op: 'log', cursor: 'b3' })
      lines.push({ kind: 'ok', call: 21, atMs: 0, answer: { cursor: 'b3', rows: [] } })
    })
    assertFlaw(found, 'readYourWrites', /alice had been answered b4 and read up to b2 \(convo/)
    assertFlaw(found, 'readYourWrites', /alice had been answered b4 and read up to b2 \(page/)
    assertFlaw(found, 'readYourWrites', /alice had been answered b4 and read up to b3 \(log/)
  })

  test('finds a reader who was shown less than before, or a page with a gap', () => {
    const read = (messages: Told[]) =>
      flaws(({ lines }) => {
        lines.push({ kind: 'invoke', call: 20, atMs: 0, op: 'page', account: 'bob', server: 0, convo: 'c' })
        lines.push({ kind: 'ok', call: 20, atMs: 0, answer: { messages, older: false } })
      })
    assertFlaw(read([second, first]), 'monotonicReads', /bob had been shown b4 and then read up to b2/)
    assertFlaw(read([third, first]), 'monotonicReads', /no piece of its history/)
  })

  test('finds members who do not agree in the end', () => {
    const found = flaws(({ bobs }) => {
      bobs.convos[0]!.history[1]!.reactions = ['👀 alice']
      bobs.convos[0]!.members = ['bob']
      bobs.log.splice(2, 1)
      bobs.convos[0]!.rev = 'b9'
    })
    assertFlaw(found, 'convergence', /disagree about the messages/)
    assertFlaw(found, 'convergence', /disagree about the members/)
    assertFlaw(found, 'convergence', /disagree about the rows/)
    assertFlaw(found, 'convergence', /bob sees c at b9, and its log ends at b5/)
    assertFlaw(
      flaws(({ bobs }) => bobs.convos.pop()),
      'convergence',
      /in the lists of 1 of its 2 members/,
    )
  })

  test('finds an unread count that does not add up', () => {
    assertFlaw(
      flaws(({ bobs }) => (bobs.convos[0]!.unread = 1)),
      'unreadCounts',
      /bob is told of 1 .* and has 0/,
    )
  })

  test('finds a refusal that ought not to be', () => {
    const found = flaws(({ lines }) => {
      lines.push({ kind: 'invoke', call: 20, atMs: 0, op: 'page', account: 'bob', server: 0, convo: 'c' })
      lines.push({ kind: 'refused', call: 20, atMs: 0, error: 'InternalServerError' })
    })
    assertFlaw(found, 'namedRefusals', /page by bob was refused with InternalServerError/)
  })
})
