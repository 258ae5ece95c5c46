#!/usr/bin/env node
// Plain JavaScript, so that an old Node, which cannot read the TypeScript beside it, says something useful.
try {
  await import('./parley.ts')
} catch (error) {
  if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
  process.stderr.write(`From its sources, parley needs Node 24 or newer; this is ${process.version}.\n`)
  process.exit(1)
}
