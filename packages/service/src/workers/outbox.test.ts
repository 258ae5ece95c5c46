import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createOutbox, postedTogetherMax } from './outbox.ts'

function recorded() {
  const posts: { messages: string[]; moved: ArrayBuffer[] }[] = []
  const post = createOutbox<string>({ postMessage: (messages, moved) => posts.push({ messages, moved }) })
  return { posts, post }
}

it('posts what one turn says together, in its order, when the turn ends', async () => {
  const { posts, post } = recorded()
  const memory = new ArrayBuffer(8)
  post('first')
  post('second', memory)
  assert.deepEqual(posts, [])
  await turn()
  post('third')
  await turn()
  assert.deepEqual(posts, [
    { messages: ['first', 'second'], moved: [memory] },
    { messages: ['third'], moved: [] },
  ])
})

it('lets the other side begin before a long turn ends', async () => {
  const { posts, post } = recorded()
  const said = Array.from({ length: 2 * postedTogetherMax + 1 }, (_, index) => String(index))
  for (const message of said) post(message)
  assert.equal(posts.length, 2)
  await turn()
  assert.deepEqual(
    posts.map(({ messages }) => messages.length),
    [postedTogetherMax, postedTogetherMax, 1],
  )
  assert.deepEqual(
    posts.flatMap(({ messages }) => messages),
    said,
  )
})
