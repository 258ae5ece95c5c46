import * as v from '@atcute/lexicons/validations'

/**
 * What a chat service can do beyond `chat.bsky.*`. Anybody may ask, also through a PDS; a service that does not know the
 * method has none of it.
 */
export const mainSchema = v.query('chat.parley.server.describeServer', {
  params: null,
  output: {
    type: 'lex',
    schema: v.object({
      did: v.didString(),
      /** Where it is reached without a PDS between. */
      url: v.genericUriString(),
      version: v.string(),
      /** `idempotencyKey`: sends under one key are one message. `subscribeLog`: that method is there. More may come. */
      features: v.array(v.string()),
    }),
  },
})

export type $output = v.InferInput<(typeof mainSchema)['output']['schema']>
