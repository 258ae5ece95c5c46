import { Secp256k1Keypair } from '@atproto/crypto'
import * as plc from '@did-plc/lib'

/** Who a moderation service is: a did:plc whose document says where it listens and what it signs with. */
export interface Labeler {
  did: `did:plc:${string}`
  /** Origin at which it listens. */
  url: string
  /** Signs its service tokens; the document shows the other half as `#atproto_label`. */
  key: Secp256k1Keypair
  /** That key as Ozone's environment has it. */
  keyHex(): Promise<string>
  /** Enters it in this PLC directory. */
  register(plcUrl: string): Promise<void>
}

/**
 * Makes an identity for a moderation service at `url`. A did:plc is the hash of its first operation: so it is known
 * before there is a directory, and the chat service can be started with it in its configuration.
 */
export async function createLabeler(url: string): Promise<Labeler> {
  const key = await Secp256k1Keypair.create({ exportable: true })
  const rotationKey = await Secp256k1Keypair.create()
  const operation = await plc.signOperation(
    {
      type: 'plc_operation',
      rotationKeys: [rotationKey.did()],
      verificationMethods: { atproto_label: key.did() },
      alsoKnownAs: [],
      services: { atproto_labeler: { type: 'AtprotoLabeler', endpoint: url } },
      prev: null,
    },
    rotationKey,
  )
  const did = (await plc.didForCreateOp(operation)) as Labeler['did']
  return {
    did,
    url,
    key,
    keyHex: async () => Buffer.from(await key.export()).toString('hex'),
    register: plcUrl => new plc.Client(plcUrl).sendOperation(did, operation),
  }
}
