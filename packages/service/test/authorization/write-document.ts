/** Writes docs/authorization.md from the matrix. */
import { writeFileSync } from 'node:fs'
import { authorizationDocument, documentUrl } from './document.ts'

writeFileSync(documentUrl, authorizationDocument())
