/**
 * The refusals of this service: one class, a closed list of names.
 * The names are the lexicons'; `InvalidRequest` stands where a lexicon declares none.
 * HTTP statuses are not known here: see xrpc/error-response.ts.
 */

/** Names that `chat.bsky.*` lexicons declare. */
export type LexiconErrorName =
  | 'AccountSuspended'
  | 'BlockedActor'
  | 'BlockedSubject'
  | 'ConsumerTooSlow'
  | 'ConvoLocked'
  | 'ConvoLockedByModeration'
  | 'EnabledJoinLinkAlreadyExists'
  | 'FollowRequired'
  | 'FutureCursor'
  | 'InsufficientRole'
  | 'InvalidCode'
  | 'InvalidConvo'
  | 'InvalidJoinRequest'
  | 'LinkAlreadyEnabled'
  | 'LinkDisabled'
  | 'MemberLimitReached'
  | 'MessageDeleteNotAllowed'
  | 'MessagesDisabled'
  | 'NewAccountCannotCreateGroup'
  | 'NoJoinLink'
  | 'NotFollowedBySender'
  | 'OwnerCannotLeave'
  | 'ReactionInvalidValue'
  | 'ReactionLimitReached'
  | 'ReactionMessageDeleted'
  | 'ReactionNotAllowed'
  | 'RecipientNotFound'
  | 'ReplyTargetNotFound'
  | 'UserForbidsGroups'
  | 'UserKicked'

/** Names of the protocol beneath: XRPC and service auth. */
export type ProtocolErrorName =
  | 'AuthMissing'
  | 'BadJwt'
  | 'BadJwtAudience'
  | 'BadJwtIss'
  | 'BadJwtLexiconMethod'
  | 'BadJwtSignature'
  | 'BadJwtType'
  | 'Forbidden'
  | 'InvalidRequest'
  | 'JwtExpired'
  | 'JwtReplayed'
  | 'MethodNotImplemented'
  | 'PayloadTooLarge'
  | 'RateLimitExceeded'
  | 'ServiceUnavailable'
  | 'UpstreamFailure'

export type ErrorName = LexiconErrorName | ProtocolErrorName

/** A refusal that the caller can understand and act on. `message` is for humans and never holds secrets or message text. */
export class AppError extends Error {
  override readonly name: ErrorName

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
  }
}

export function invalidRequest(message: string): AppError {
  return new AppError('InvalidRequest', message)
}

/**
 * The cause of a refusal that is the operator's to mend; `message` says what it is and what to do. It is in the log
 * without a stack: there is nothing in the code to look for.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
