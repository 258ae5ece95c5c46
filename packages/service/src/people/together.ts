/**
 * Gathers the keys asked for within one turn of the event loop and asks for them together, at most `max` at a time.
 * A key that `ask` leaves out has no value; where `ask` throws, all its keys do.
 */
export function together<Key, Value>(
  max: number,
  ask: (keys: Key[]) => Promise<Map<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let gathered: { keys: Key[]; answer: PromiseWithResolvers<Map<Key, Value>> } | undefined

  return async key => {
    if (gathered === undefined) {
      const group = { keys: [], answer: Promise.withResolvers<Map<Key, Value>>() }
      gathered = group
      setImmediate(() => send(group))
    }
    const group = gathered
    group.keys.push(key)
    if (group.keys.length === max) gathered = undefined
    return (await group.answer.promise).get(key)
  }

  function send(group: NonNullable<typeof gathered>): void {
    if (gathered === group) gathered = undefined
    ask(group.keys).then(group.answer.resolve, group.answer.reject)
  }
}
