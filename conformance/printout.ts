import assert from 'node:assert/strict'

/** Somebody as the programs name them. */
export interface Shown {
  did: string
  name: string
}

export interface Printout {
  /** Those that are in each conversation of the list, in the order of the list. */
  listed: Shown[][]
  /** Those that are in the conversation that the program opens. */
  members: Shown[]
  /** What it prints after that. */
  afterwards?: string[]
}

/**
 * Holds what a program printed to the form that all of them share (the founding program's), and returns the id of
 * the conversation.
 */
export function assertPrintout(stdout: string, { listed, members, afterwards = [] }: Printout): string {
  const convoId = /^Convo ID: ([2-7a-j][2-7a-z]{12})$/m.exec(stdout)?.[1]
  assert.ok(convoId, `no conversation id in:\n${stdout}`)
  const lines = stdout.trimEnd().split('\n')
  const list = lines.slice(1, 1 + listed.length)
  assert.equal(lines[0], `Your conversations (${listed.length}):`)
  for (const [place, shown] of listed.entries()) {
    const names = /^- ID: [2-7a-z]{13} \((.*)\)$/.exec(list[place]!)?.[1]
    assert.deepEqual(names?.split(', ').sort(), shown.map(({ name }) => name).sort())
  }
  const [blank, id, heading, ...rest] = lines.slice(1 + listed.length)
  assert.deepEqual([blank, id, heading], ['', `Convo ID: ${convoId}`, 'Convo members:'])
  const memberLines = members.map(({ did, name }) => `- ${name} (${did})`)
  assert.deepEqual(rest.slice(0, members.length).sort(), memberLines.sort())
  assert.deepEqual(rest.slice(members.length), ['', 'Message sent!', ...afterwards])
  return convoId
}
