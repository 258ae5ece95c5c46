import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { test } from 'node:test'
import { importsOf, read, repositoryFiles, root, sourceFiles } from './sources.ts'

const documents = repositoryFiles().filter(path => path.endsWith('.md'))

test('links and file names in documents lead somewhere', () => {
  const broken = documents.flatMap(path => {
    const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      match => new URL(match[1]!, new URL(path, root)),
    )
    const names = [
      ...read(path).matchAll(/`((?:packages|conformance|examples|tools|docs)\/[\w./-]+\.\w+)`/g),
    ].map(match => new URL(match[1]!, root))
    return [...links, ...names]
      .filter(url => !existsSync(url))
      .map(url => `${path}: ${url.pathname.slice(root.pathname.length)}`)
  })
  assert.deepEqual(broken, [])
})

test('links to headings name one that is there', () => {
  const broken = documents.flatMap(path =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)]
      .filter(([, target = '', heading = '']) => {
        const page = target === '' ? path : posix.join(posix.dirname(path), target)
        return page.endsWith('.md') && !headingsOf(page).includes(heading)
      })
      .map(([link]) => `${path}: ${link}`),
  )
  assert.deepEqual(broken, [])
})

test('every dependency has a line in docs/dependencies.md, and an exact version', () => {
  const packages = repositoryFiles().filter(path => path.endsWith('package.json'))
  const text = read('docs/dependencies.md')
  const wrong = packages.flatMap(path => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path))
    return Object.entries<string>({ ...dependencies, ...devDependencies, ...optionalDependencies }).flatMap(
      ([name, version]) => [
        ...(name.startsWith('@parley/') || text.includes(`\`${name}\``)
          ? []
          : [`${path}: ${name} has no line`]),
        ...(/^\d+\.\d+\.\d+/.test(version) ? [] : [`${path}: ${name} is not pinned: ${version}`]),
      ],
    )
  })
  assert.deepEqual(wrong, [])
})

test('what a package imports is among its own dependencies', () => {
  const wrong = repositoryFiles()
    .filter(path => /^(packages\/[^/]+|conformance)\/package\.json$/.test(path))
    .flatMap(path => {
      const folder = path.slice(0, -'package.json'.length)
      const { dependencies, devDependencies, name: own } = JSON.parse(read(path))
      const declared = Object.keys({ ...dependencies, ...devDependencies, [own]: '' })
      return sourceFiles()
        .filter(source => source.startsWith(folder))
        .flatMap(source => importsOf(source).map(name => ({ source, name })))
        .filter(
          ({ name }) =>
            !/^(\.|node:)/.test(name) && !declared.some(d => name === d || name.startsWith(`${d}/`)),
        )
        .map(({ source, name }) => `${source} imports ${name}`)
    })
  assert.deepEqual(wrong, [])
})

/** What GitHub calls the headings of a page in links; the second of a name has a number. */
function headingsOf(path: string): string[] {
  const seen = new Map<string, number>()
  const text = read(path).replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => {
    const name = title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    return before === 0 ? name : `${name}-${before}`
  })
}
