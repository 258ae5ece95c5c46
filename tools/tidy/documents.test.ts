import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
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
