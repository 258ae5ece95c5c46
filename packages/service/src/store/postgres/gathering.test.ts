import assert from 'node:assert/strict'
import { test } from 'node:test'
import { questionsWaitingMax } from '../../limits.ts'
import { Gathering } from './gathering.ts'

test('what is asked while an answer is under way is asked together, and each gets its own', async () => {
  const asked: number[][] = []
  const squares = new Gathering(3, async (numbers: number[]) => {
    asked.push(numbers)
    return numbers.map(number => number * number)
  })
  const answers = await Promise.all([1, 2, 3, 4, 5].map(number => squares.ask(number)))
  assert.deepEqual(answers, [1, 4, 9, 16, 25])
  assert.deepEqual(asked, [[1], [2, 3, 4], [5]])
})

test('more questions than anybody would wait for are refused by name, and those before are answered', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const gathering = new Gathering(1000, async (questions: number[]) => {
    await answered
    return questions
  })
  const first = gathering.ask(-1)
  const waiting = Array.from({ length: questionsWaitingMax }, (_, i) => gathering.ask(i))
  const refused = assert.rejects(gathering.ask(0), { name: 'ServiceUnavailable' })
  answer()
  await refused
  assert.equal(await first, -1)
  assert.equal((await Promise.all(waiting)).length, questionsWaitingMax)
  assert.equal(await gathering.ask(7), 7)
})
