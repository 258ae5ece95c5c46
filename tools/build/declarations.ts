import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Lets the declarations below `folder` name each other as the JavaScript does: the compiler leaves `.ts` in them. */
export function renameImports(folder: string): void {
  for (const file of globSync('**/*.d.ts', { cwd: folder })) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      text.replace(/((?:from|import) '|import\(")(\.{1,2}\/[^'"]+)\.ts(?=['"])/g, '$1$2.js'),
    )
  }
}

/** For a package that nobody can import: its types may be those of packages that only we have. */
export function removeDeclarations(folder: string): void {
  for (const file of globSync('**/*.d.ts', { cwd: folder })) rmSync(join(folder, file))
}
