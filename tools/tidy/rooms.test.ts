import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { test } from 'node:test'
import rooms from './rooms.json' with { type: 'json' }
import { importsOf, isTest, read, sourceFiles } from './sources.ts'

interface Room {
  files?: string[]
  imports: string[]
}

const sources = sourceFiles().filter(path => !isTest(path))

test('imports between rooms run only as rooms.json says', () => {
  const wrong: string[] = []
  for (const [base, plan] of Object.entries(rooms.rooms)) {
    const roomOf = roomFinder(base, plan)
    for (const path of sources.filter(source => source.startsWith(`${base}/`))) {
      const room = roomOf(path)
      if (room === undefined) wrong.push(`${path} is in no room`)
      for (const target of localImports(path)) {
        const other = roomOf(target)
        const allowed =
          other === room || (plan as Record<string, Room>)[room ?? '']?.imports.includes(other ?? '')
        if (target.startsWith(`${base}/`) && !allowed)
          wrong.push(`${path} (${room}) imports ${target} (${other})`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

test('no two rooms import each other', () => {
  for (const plan of Object.values(rooms.rooms) as Record<string, Room>[]) {
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of plan[from]?.imports ?? []) if (!seen.has(next)) reach(next, seen.add(next))
      return seen
    }
    for (const name of Object.keys(plan)) assert.ok(!reach(name).has(name), `${name} reaches itself`)
  }
})

test('packages import only the packages below them', () => {
  const wrong = sources.flatMap(path => {
    const own = /^packages\/([^/]+)\//.exec(path)?.[1]
    if (own === undefined) return []
    const allowed = (rooms.packages as Record<string, string[]>)[own] ?? []
    const others = importsOf(path).flatMap(name => /^@parley\/([^/]+)/.exec(name)?.[1] ?? [])
    return others.filter(name => !allowed.includes(name)).map(name => `${path} imports @parley/${name}`)
  })
  assert.deepEqual(wrong, [])
})

test('what belongs to one room is in that room only', () => {
  const libraries = sources.filter(path => /^packages\/[^/]+\/src\//.test(path))
  const wrong = rooms.onlyIn.flatMap(({ pattern, files, why, ...rule }) => {
    const home = 'in' in rule ? rule.in : 'packages/'
    return libraries
      .filter(path => path.startsWith(home) && !files.some(file => path.startsWith(file)))
      .filter(path => new RegExp(pattern).test(withoutComments(read(path))))
      .map(path => `${path}: ${pattern} (${why})`)
  })
  assert.deepEqual(wrong, [])
})

function roomFinder(base: string, plan: Record<string, Room>): (path: string) => string | undefined {
  return path => {
    const [first = ''] = path.slice(base.length + 1).split('/')
    const byFile = Object.entries(plan).find(([, room]) => room.files?.includes(first))
    return byFile?.[0] ?? (plan[first] && !plan[first].files ? first : undefined)
  }
}

function localImports(path: string): string[] {
  return importsOf(path)
    .filter(name => name.startsWith('.'))
    .map(name => posix.join(posix.dirname(path), name))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}
