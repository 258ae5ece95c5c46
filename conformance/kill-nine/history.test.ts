import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Account, type Acknowledged, brokenPromises, type Told } from './history.ts'

const first = { id: '3aaaaaaaaaa22', text: 'one', sender: 'alice' }
const second = { id: '3aaaaaaaaab22', text: 'two', sender: 'bob' }
const third = { id: '3aaaaaaaaac22', text: 'three', sender: 'alice' }

/** The first two overlapped, the third was sent when both had been answered. */
const acknowledged: Acknowledged[] = [
  { ...second, startedAt: 2, answeredAt: 3 },
  { ...first, startedAt: 1, answeredAt: 4 },
  { ...third, startedAt: 5, answeredAt: 6 },
]

function account(history: Told[], given: Partial<Account> = {}): Account {
  const log = [{ rev: '3aaaaaaaaa222', message: undefined }, ...history.map(rowOf)]
  return { name: 'alice', history, log, ...given }
}

function rowOf(message: Told) {
  return { rev: message.id, message }
}

function flaws(history: Told[], given: Partial<Account> = {}, sent = acknowledged): string[] {
  return brokenPromises(sent, [account(history, given)])
}

describe('the checker of histories', () => {
  test('passes one that is whole', () => {
    assert.deepEqual(flaws([first, second, third]), [])
  })

  test('finds an acknowledged message that is lost', () => {
    assert.deepEqual(flaws([first, third]), ['history of alice: 3aaaaaaaaab22 is lost'])
  })

  test('finds one that is there twice, or that nobody was told of', () => {
    const again = { ...second, id: '3aaaaaaaabb22' }
    assert.deepEqual(flaws([first, second, third, again]), [
      'history of alice: 3aaaaaaaabb22 was not acknowledged, or is there twice',
    ])
    assert.match(flaws([first, second, second, third]).join(), /b22 was not acknowledged, or is there twice/)
  })

  test('finds one that is another', () => {
    assert.match(flaws([first, { ...second, text: 'to' }, third]).join(), /b22 is another/)
    assert.match(flaws([first, { ...second, sender: 'alice' }, third]).join(), /b22 is another/)
  })

  test('finds a history out of order', () => {
    assert.match(flaws([second, first, third]).join(), /history of alice: 3aaaaaaaaaa22 is out of order/)
  })

  test('finds a message that overtook one that was answered before it was sent', () => {
    const late = acknowledged.map(send =>
      send.id === first.id ? { ...send, startedAt: 7, answeredAt: 8 } : send,
    )
    assert.deepEqual(flaws([first, second, third], {}, late), [
      'history of alice: 3aaaaaaaaab22 stands after one that was sent later',
      'history of alice: 3aaaaaaaaac22 stands after one that was sent later',
    ])
  })

  test('finds a log that tells another story', () => {
    const missing = { log: [first, third].map(rowOf) }
    assert.match(flaws([first, second, third], missing).join(), /tells of 2 messages, the history of 3/)
    const swapped = {
      log: [{ ...rowOf(second), rev: first.id }, { ...rowOf(first), rev: second.id }, rowOf(third)],
    }
    assert.match(
      flaws([first, second, third], swapped).join(),
      /3aaaaaaaaab22 where the history has 3aaaaaaaaaa22/,
    )
    const twice = { log: [first, second, third].map(message => ({ rev: first.id, message })) }
    assert.match(flaws([first, second, third], twice).join(), /log of alice: 3aaaaaaaaaa22 is out of order/)
  })
})
