import { Node, type ParameterDeclaration, type TypeNode, type TypeParameterDeclaration } from 'ts-morph'

/** How a declaration is written where it is used: on one line, without bodies. Empty of what is not for users. */
export function signatureOf(node: Node, isKnown: (type: string) => boolean = () => true): string {
  if (Node.isClassDeclaration(node) || Node.isInterfaceDeclaration(node)) {
    const kind = Node.isClassDeclaration(node) ? 'class' : 'interface'
    const parents = [node.getExtends() ?? []]
      .flat()
      .map(parent => parent.getText())
      .filter(parent => isKnown(parent))
    return `${kind} ${node.getName()}${generics(node.getTypeParameters())}${parents.length > 0 ? ` extends ${parents.join(', ')}` : ''}`
  }
  if (Node.isTypeAliasDeclaration(node))
    return `type ${node.getName()}${generics(node.getTypeParameters())} = ${oneLine(node.getTypeNodeOrThrow())}`
  if (Node.isVariableDeclaration(node)) return `const ${node.getName()}: ${typeOf(node)}`
  if (Node.isConstructorDeclaration(node)) {
    if (node.getParameters().some(isInternal)) return ''
    return `new ${node.getParent().getName()}(${parameters(node)})`
  }
  if (Node.isFunctionDeclaration(node) || Node.isMethodDeclaration(node) || Node.isMethodSignature(node)) {
    const optional = Node.isMethodSignature(node) && node.hasQuestionToken() ? '?' : ''
    const isStatic = Node.isMethodDeclaration(node) && node.isStatic() ? 'static ' : ''
    return `${isStatic}${node.getName()}${optional}${generics(node.getTypeParameters())}(${parameters(node)}): ${returned(node)}`
  }
  if (Node.isGetAccessorDeclaration(node)) return `readonly ${node.getName()}: ${returned(node)}`
  if (Node.isSetAccessorDeclaration(node)) return ''
  if (Node.isPropertyDeclaration(node) || Node.isPropertySignature(node)) {
    const isReadonly = node.isReadonly() ? 'readonly ' : ''
    return `${isReadonly}${node.getName()}${node.hasQuestionToken() ? '?' : ''}: ${typeOf(node)}`
  }
  if (Node.isIndexSignatureDeclaration(node)) return oneLine(node)
  throw new Error(`${node.getSourceFile().getBaseName()}: a ${node.getKindName()} has no signature here`)
}

/** Whether a parameter is of a type that begins with an own module's name which the users of the package never see. */
function isInternal(parameter: ParameterDeclaration): boolean {
  return /^(DmContext|Parts|ContextParts<)/.test(parameter.getTypeNode()?.getText() ?? '')
}

function parameters(node: { getParameters(): ParameterDeclaration[] }): string {
  return node
    .getParameters()
    .map(parameter => {
      const name = parameter.getNameNode()
      const rest = parameter.isRestParameter() ? '...' : ''
      const optional = parameter.isOptional() && !parameter.isRestParameter() ? '?' : ''
      const called = Node.isIdentifier(name) ? name.getText() : nameByType(typeOf(parameter))
      return `${rest}${called}${optional}: ${typeOf(parameter)}`
    })
    .join(', ')
}

/** What to call a parameter that its function takes apart at once: `ChatEvent` is an `event`. */
function nameByType(type: string): string {
  const [, lastWord = 'options'] = /[a-z]([A-Z][a-z]+)$/.exec(type) ?? []
  return lastWord.toLowerCase()
}

type Typed = Node & { getTypeNode(): TypeNode | undefined }
type Returning = Node & {
  getReturnTypeNode(): TypeNode | undefined
  getReturnType(): { getText(at: Node): string }
}

function typeOf(node: Typed): string {
  const written = node.getTypeNode()
  return written ? oneLine(written) : node.getType().getText(node)
}

function returned(node: Returning): string {
  const written = node.getReturnTypeNode()
  return written ? oneLine(written) : node.getReturnType().getText(node)
}

function generics(all: TypeParameterDeclaration[]): string {
  return all.length > 0 ? `<${all.map(oneLine).join(', ')}>` : ''
}

/** Without comments, breaks and the bar before the first of many. */
function oneLine(node: Node): string {
  return node
    .getText()
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/([^\s{;,(|&<])\n\s*(?=[\w'"[]+\??:)/g, '$1; ')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '')
    .replace(/\(\s/g, '(')
    .replace(/,?\s\)/g, ')')
    .trim()
}
