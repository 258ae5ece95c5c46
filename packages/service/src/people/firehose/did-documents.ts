import type { Did } from '@atcute/lexicons/syntax'

/** What following hosts takes from, and tells to, those who read DID documents. */
export interface DidDocuments {
  /** Origin of the PDS that the document names, `undefined` where there is none. */
  pds(did: Did): Promise<string | undefined>
  /** A host says that the document has changed: what was read before does not count any more. */
  changed(did: Did): void
}

/** Whether an account stays with `host`, although another one claims it: only where its document still says so. */
export async function staysWith(documents: DidDocuments, did: Did, host: string): Promise<boolean> {
  documents.changed(did)
  try {
    return (await documents.pds(did)) === host
  } catch {
    // Where nobody can tell, the last to call the account active has it.
    return false
  }
}
