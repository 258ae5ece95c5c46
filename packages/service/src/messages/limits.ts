/** Every number about messages that the lexicons leave to the service. */

/** A stored message with facets and embed, as JSON: the longest text six times over. */
export const messageBodyBytesMax = 64 * 1024

/** A UUID has 36. */
export const idempotencyKeyCharsMax = 128

/** Different reactions by one member on one message; official clients know this number (behaviour.md 2.3). */
export const reactionsPerMemberMax = 5

/** Convos marked as read in one transaction; more take several. */
export const readConvosPerTransactionMax = 200
