import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate for this host name, which it vouches for itself, with its key: paths of PEM files, and its text. */
export interface Certificate extends Disposable {
  certFile: string
  keyFile: string
  cert: string
}

/** For a day. Needs the program `openssl`, which comes with the server of PostgreSQL. */
export function makeCertificate(hostname: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'parley-certificate-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const name = ['-subj', '/CN=test', '-addext', `subjectAltName=DNS:${hostname}`, '-days', '1']
  execFileSync('openssl', ['req', '-x509', ...key, ...name, '-out', certFile], { stdio: 'pipe' })
  return {
    certFile,
    keyFile,
    cert: readFileSync(certFile, 'utf8'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
