import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { NodeConnectionOptions } from '@nats-io/transport-node'

export interface Login {
  user: string
  pass: string
}

type Secured = Pick<NodeConnectionOptions, 'tls' | 'authenticator'>

/**
 * For servers whose address begins with `tls://`: nothing of ours is sent before the other side has proven with its
 * certificate that it has the name we called. Asking the library for TLS is not all of that: from a server whose first
 * line says `"tls_available":1` instead of true it goes on in the clear, login included. It asks for the login
 * last, so that is where we look.
 */
export function requireTls(login: Login | undefined): Secured {
  let isProven = false
  const tls = {
    rejectUnauthorized: true,
    // The library hands on to Node what it does not know.
    checkServerIdentity(name: string, certificate: PeerCertificate): Error | undefined {
      const problem = checkServerIdentity(name, certificate)
      isProven = problem === undefined
      return problem
    },
  }
  return {
    tls,
    authenticator() {
      if (!isProven) throw new Error('The server went on without TLS, which its address demands')
      // The next connection has its own handshake.
      isProven = false
      return login
    },
  }
}
