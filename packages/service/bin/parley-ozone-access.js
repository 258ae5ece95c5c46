#!/usr/bin/env node
// Plain JavaScript, so that an old Node, which cannot read the TypeScript beside it, says something useful.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(`Parley needs Node 24 or newer; this is ${process.version}.\n`)
  process.exit(1)
}
await import('./parley-ozone-access.ts')
