import type { EntryPoint, Item } from './public-api.ts'

const callable: readonly Item['kind'][] = ['class', 'function', 'value']

/** Where an item is told: the file below docs/sdk/reference/, and the heading in it. */
export interface Place {
  file: string
  anchor: string
}

/** Knows where everything is told. */
export interface Atlas {
  fileOf(entry: EntryPoint): string
  placeOf(item: Item): Place
  /** What can be imported under this name. */
  called(name: string): Item | undefined
}

/** The page of an entry point. What an earlier page has already said is linked. */
export function referencePage(entry: EntryPoint, atlas: Atlas): string {
  const { name, about, items } = entry
  const file = atlas.fileOf(entry)
  const placeOf = (item: Item) => atlas.placeOf(item)
  const sorted = items.toSorted(byName)
  const own = sorted.filter(item => placeOf(item).file === file)
  const others = sorted.filter(item => placeOf(item).file !== file)
  const calls = own.filter(({ kind }) => callable.includes(kind))
  const types = own.filter(({ kind }) => !callable.includes(kind))
  const parts = [
    `# ${name}`,
    ...(about === '' ? [] : [about]),
    'Written by `npm run docs` from the docstrings of the sources: change those, not this page.',
    ...section('What to call', calls, atlas),
    ...section('Types', types, atlas),
  ]
  if (others.length > 0)
    parts.push('## From here as well', others.map(item => linkTo(item, placeOf(item))).join(' · '))
  return `${parts.join('\n\n')}\n`
}

/** The page that lists the entry points. */
export function listPage(entries: readonly EntryPoint[], atlas: Atlas): string {
  const rows = entries.map(entry => {
    const calls = entry.items.filter(({ kind }) => callable.includes(kind)).sort(byName)
    const links = calls.map(item => linkTo(item, atlas.placeOf(item), 'reference/'))
    return `| [\`${entry.name}\`](reference/${atlas.fileOf(entry)}) | ${links.join(' · ')} |`
  })
  return `# Reference of @parley/sdk

Every entry point, with what it has to call; types stand on the same pages. Written by \`npm run docs\` from the docstrings.

| import from | what is there |
|---|---|
${rows.join('\n')}
`
}

/** In the order of letters, the same on every machine. */
function byName(a: Item, b: Item): number {
  return a.name < b.name ? -1 : 1
}

function linkTo({ name }: Item, { file, anchor }: Place, folder = ''): string {
  return `[${name}](${folder}${file}#${anchor})`
}

function section(title: string, items: Item[], atlas: Atlas): string[] {
  return items.length === 0 ? [] : [`## ${title}`, ...items.flatMap(item => itemParts(item, atlas))]
}

function itemParts(item: Item, atlas: Atlas): string[] {
  const { name, signature, about, members, source } = item
  const links = [
    `[source](../../../${source})`,
    ...namedIn(item, atlas).map(other => linkTo(other, atlas.placeOf(other))),
  ]
  const parts = [`### ${name}`, `\`\`\`ts\n${unfolded(signature)}\n\`\`\``, about, links.join(' · ')]
  if (members.length > 0)
    parts.push(
      members.map(member => `- \`${member.signature}\`${member.about && `  \n  ${member.about}`}`).join('\n'),
    )
  return parts
}

/** What else of the package an item and its members name. */
function namedIn({ name, signature, members }: Item, atlas: Atlas): Item[] {
  const own = new Set([
    name,
    ...[...signature.matchAll(/(?:<|, )(\w+)(?= extends| =|>)/g)].map(([, word]) => word!),
  ])
  const words = new Set(
    [signature, ...members.map(member => member.signature)].join(' ').match(/\b[A-Z]\w+/g),
  )
  return [...words]
    .filter(word => !own.has(word))
    .flatMap(word => atlas.called(word) ?? [])
    .sort(byName)
}

/** A choice of many, one on a line. */
function unfolded(signature: string): string {
  if (signature.length <= 110 || !/^type \w+ = /.test(signature)) return signature
  const [head, choices] = [
    signature.slice(0, signature.indexOf('=') + 1),
    signature.split(' = ').slice(1).join(' = '),
  ]
  return /^('[^']*' \| )+'[^']*'$/.test(choices) || /^(\w+ \| )+\w+$/.test(choices)
    ? `${head}\n  | ${choices.split(' | ').join('\n  | ')}`
    : signature
}
