import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts the launchers of `from`, which are JavaScript and import TypeScript, beside the compiled programs in `to`. A program
 * that was compiled to its launcher's name makes room for it.
 */
export function placePrograms(from: string, to: string): void {
  for (const name of globSync('*.js', { cwd: from })) {
    const launcher = readFileSync(join(from, name), 'utf8')
    const taken = existsSync(join(to, name))
    const ownProgram = name.replace(/\.js$/, '.program.js')
    mkdirSync(to, { recursive: true })
    if (taken) renameSync(join(to, name), join(to, ownProgram))
    const placed = launcher.replace(/import\('([^']+)\.ts'\)/g, (_, path: string) =>
      path === `./${name.slice(0, -'.js'.length)}` ? `import('./${ownProgram}')` : `import('${path}.js')`,
    )
    writeFileSync(join(to, name), placed, { mode: 0o755 })
  }
}
