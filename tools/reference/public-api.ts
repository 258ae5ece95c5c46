import { fileURLToPath } from 'node:url'
import {
  type ClassDeclaration,
  type ExportedDeclarations,
  type InterfaceDeclaration,
  type JSDocableNode,
  Node,
  Project,
} from 'ts-morph'
import { signatureOf } from './signatures.ts'

/** One door of the package and everything that it exports. */
export interface EntryPoint {
  /** As it is imported: `@parley/sdk/bot`. */
  name: string
  /** What the file says of itself; empty where it says nothing. */
  about: string
  items: Item[]
}

export interface Item {
  name: string
  kind: 'class' | 'function' | 'value' | 'interface' | 'type'
  /** How it is declared, without its members. */
  signature: string
  about: string
  members: Member[]
  /** From the repository's root. */
  source: string
}

export interface Member {
  signature: string
  about: string
  isMethod: boolean
}

type IsExported = (node: Node) => boolean

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Reads the sources behind `exports` of a package.json, given as a map from what is imported to the file. */
export function publicApi(entries: Readonly<Record<string, string>>): EntryPoint[] {
  const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true })
  const files = Object.entries(entries).map(([name, path]) => {
    const file = project.addSourceFileAtPath(root + path)
    return { name, file, exported: file.getExportedDeclarations() }
  })
  const all = new Set<Node>(files.flatMap(({ exported }) => [...exported.values()].flat()))
  return files.map(({ name, file, exported }) => {
    const items = [...exported].map(([item, [declaration]]) =>
      itemOf(item, declaration!, node => all.has(node)),
    )
    const [comment = ''] = /^\/\*\*[\s\S]*?\*\//.exec(file.getFullText()) ?? []
    const about = Node.isExportDeclaration(file.getStatements()[0]) ? commentOf(comment) : ''
    return { name, about, items }
  })
}

function itemOf(name: string, declaration: ExportedDeclarations, isExported: IsExported): Item {
  const source = declaration.getSourceFile().getFilePath().slice(root.length)
  const hidden = Node.isInterfaceDeclaration(declaration) ? hiddenParents(declaration, isExported) : []
  const signature = signatureOf(declaration, type => !hidden.some(parent => parent.getName() === type))
  const base = { name, source, signature, members: [] }
  if (Node.isClassDeclaration(declaration))
    return { ...base, kind: 'class', about: aboutOf(declaration), members: membersOf(declaration) }
  if (Node.isInterfaceDeclaration(declaration))
    return {
      ...base,
      kind: 'interface',
      about: aboutOf(declaration),
      members: [declaration, ...hidden].flatMap(membersOf),
    }
  if (Node.isFunctionDeclaration(declaration))
    return { ...base, kind: 'function', about: aboutOf(declaration) }
  if (Node.isTypeAliasDeclaration(declaration)) return { ...base, kind: 'type', about: aboutOf(declaration) }
  if (Node.isVariableDeclaration(declaration))
    return { ...base, kind: 'value', about: aboutOf(declaration.getVariableStatementOrThrow()) }
  throw new Error(`${source}: ${name} is a ${declaration.getKindName()}, of which nothing is known here`)
}

/** Own interfaces that this one extends and nobody can import: what they say is said here. */
function hiddenParents(declaration: InterfaceDeclaration, isExported: IsExported): InterfaceDeclaration[] {
  return declaration
    .getBaseDeclarations()
    .filter(Node.isInterfaceDeclaration)
    .filter(parent => parent.getSourceFile() === declaration.getSourceFile() && !isExported(parent))
}

function membersOf(declaration: ClassDeclaration | InterfaceDeclaration): Member[] {
  const members = Node.isClassDeclaration(declaration)
    ? [...declaration.getConstructors(), ...declaration.getMembers()]
    : declaration.getMembers()
  const seen = new Set<string>()
  return members.flatMap(member => {
    if ('getScope' in member && member.getScope() !== 'public') return []
    if (Node.isClassStaticBlockDeclaration(member)) return []
    if ('getName' in member && /^(#|\[)/.test(member.getName() ?? '')) return []
    const overloads =
      Node.isMethodDeclaration(member) && member.getOverloads().length > 0 ? member.getOverloads() : [member]
    return overloads.flatMap(one => {
      const signature = signatureOf(one)
      if (signature === '' || seen.has(signature)) return []
      seen.add(signature)
      const isMethod = Node.isMethodDeclaration(one) || Node.isMethodSignature(one)
      const about = Node.isJSDocable(one) ? aboutOf(one) : ''
      return [{ signature, about: about || (Node.isJSDocable(member) ? aboutOf(member) : ''), isMethod }]
    })
  })
}

function aboutOf(node: JSDocableNode): string {
  return node
    .getJsDocs()
    .map(doc => commentOf(doc.getText()))
    .join(' ')
}

/** The text of a comment, on one line; of what is none, nothing. */
function commentOf(text: string): string {
  if (!text.startsWith('/**')) return ''
  return text
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map(line => line.replace(/^\s*\*? ?/, '').trim())
    .join(' ')
    .trim()
}
