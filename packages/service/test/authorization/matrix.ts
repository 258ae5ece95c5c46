/**
 * Who may do what: the expected answer of every method to everybody. The columns are the situations of situations.ts,
 * the words are those of words.ts. docs/authorization.md is written from here; authorization.test.ts plays every cell.
 */

/** The token: of one who owns the group and moderates, and so might do everything else; then moderators who are no members. */
export const tokens = `
method                         none         no-method            other-method         expired     other-service   other-key        as-labeler  moderator           moderator-labeler
actor.deleteAccount            AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
actor.exportAccountData        AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
actor.getStatus                AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
convo.acceptConvo              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.addReaction              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.deleteMessageForSelf     AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.getConvo                 AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.getConvoAvailability     AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
convo.getConvoForMembers       AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
convo.getConvoMembers          AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.getLog                   AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
convo.getMessages              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.getUnreadCounts          AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
convo.leaveConvo               AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.listConvoRequests        AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
convo.listConvos               AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
convo.lockConvo                AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.muteConvo                AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.removeReaction           AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.sendMessage              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.sendMessageBatch         AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.unlockConvo              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.unmuteConvo              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
convo.updateAllRead            AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
convo.updateRead               AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.addMembers               AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.approveJoinRequest       AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.createGroup              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
group.createJoinLink           AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.disableJoinLink          AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.editGroup                AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.editJoinLink             AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.enableJoinLink           AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.getJoinLinkPreviews      shown        BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   shown               BadJwtIss
group.listJoinRequests         AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.listMutualGroups         AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
group.rejectJoinRequest        AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.removeMembers            AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.requestJoin              AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
group.updateJoinRequestsRead   AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidConvo        BadJwtIss
group.withdrawJoinRequest      AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   InvalidJoinRequest  BadJwtIss
moderation.getActorMetadata    AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   ok                  ok
moderation.getConvo            AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   ok                  ok
moderation.getConvoMembers     AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   ok                  ok
moderation.getConvos           AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   shown               shown
moderation.getMessageContext   AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   ok                  ok
moderation.subscribeModEvents  AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   shown               shown
moderation.updateActorAccess   AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  Forbidden   ok                  ok
notification.getPreferences    AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
notification.putPreferences    AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   ok                  BadJwtIss
parley.convo.subscribeLog      AuthMissing  BadJwtLexiconMethod  BadJwtLexiconMethod  JwtExpired  BadJwtAudience  BadJwtSignature  BadJwtIss   hidden              BadJwtIss
`

/** A direct convo, for those who are not told of it. */
export const directOutsiders = `
method                         stranger            stranger-blocked    stranger-blocking   stranger-disabled   untold
actor.deleteAccount            ok                  ok                  ok                  ok                  ok
actor.exportAccountData        hidden              hidden              hidden              hidden              hidden
actor.getStatus                ok                  ok                  ok                  ok                  ok
convo.acceptConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.addReaction              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.deleteMessageForSelf     InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.getConvo                 InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.getConvoAvailability     hidden              hidden              hidden              hidden              hidden
convo.getConvoForMembers       ok                  BlockedActor        BlockedSubject      AccountSuspended    ok
convo.getConvoMembers          InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.getLog                   hidden              hidden              hidden              hidden              hidden
convo.getMessages              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.getUnreadCounts          ok                  ok                  ok                  ok                  ok
convo.leaveConvo               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.listConvoRequests        hidden              hidden              hidden              hidden              hidden
convo.listConvos               hidden              hidden              hidden              hidden              hidden
convo.lockConvo                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.muteConvo                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.removeReaction           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.sendMessage              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.sendMessageBatch         InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.unlockConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.unmuteConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.updateAllRead            ok                  ok                  ok                  ok                  ok
convo.updateRead               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.addMembers               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.approveJoinRequest       InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.createGroup              ok                  BlockedActor        BlockedSubject      AccountSuspended    ok
group.createJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.disableJoinLink          InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.editGroup                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.editJoinLink             InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.enableJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.getJoinLinkPreviews      hidden              hidden              hidden              hidden              hidden
group.listJoinRequests         InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.listMutualGroups         hidden              hidden              hidden              hidden              hidden
group.rejectJoinRequest        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.removeMembers            InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.requestJoin              InvalidCode         InvalidCode         InvalidCode         InvalidCode         InvalidCode
group.updateJoinRequestsRead   InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.withdrawJoinRequest      InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest
moderation.getActorMetadata    Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvo            Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvoMembers     Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvos           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getMessageContext   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.subscribeModEvents  Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.updateActorAccess   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
notification.getPreferences    ok                  ok                  ok                  ok                  ok
notification.putPreferences    ok                  ok                  ok                  ok                  ok
parley.convo.subscribeLog      hidden              hidden              hidden              hidden              hidden
`

/** A direct convo, for its members. */
export const directMembers = `
method                         requested           accepted            blocked             blocking            disabled            left
actor.deleteAccount            ok                  ok                  ok                  ok                  ok                  ok
actor.exportAccountData        shown               shown               shown               shown               shown               hidden
actor.getStatus                ok                  ok                  ok                  ok                  ok                  ok
convo.acceptConvo              ok                  ok                  ok                  ok                  ok                  ok
convo.addReaction              ok                  ok                  blocked             blocked             disabled            no-message
convo.deleteMessageForSelf     ok                  ok                  ok                  ok                  ok                  no-message
convo.getConvo                 ok                  ok                  ok                  ok                  ok                  ok
convo.getConvoAvailability     shown               shown               shown               shown               shown               shown
convo.getConvoForMembers       ok                  ok                  ok                  ok                  ok                  ok
convo.getConvoMembers          ok                  ok                  ok                  ok                  ok                  ok
convo.getLog                   shown               shown               shown               shown               shown               shown
convo.getMessages              ok                  ok                  ok                  ok                  ok                  ok
convo.getUnreadCounts          ok                  ok                  ok                  ok                  ok                  ok
convo.leaveConvo               ok                  ok                  ok                  ok                  ok                  ok
convo.listConvoRequests        shown               hidden              hidden              hidden              hidden              hidden
convo.listConvos               shown               shown               shown               shown               shown               hidden
convo.lockConvo                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.muteConvo                ok                  ok                  ok                  ok                  ok                  ok
convo.removeReaction           ok                  ok                  blocked             blocked             disabled            no-message
convo.sendMessage              ok                  ok                  blocked             blocked             disabled            ok
convo.sendMessageBatch         ok                  ok                  blocked             blocked             disabled            ok
convo.unlockConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
convo.unmuteConvo              ok                  ok                  ok                  ok                  ok                  ok
convo.updateAllRead            ok                  ok                  ok                  ok                  ok                  ok
convo.updateRead               ok                  ok                  ok                  ok                  ok                  no-message
group.addMembers               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.approveJoinRequest       InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.createGroup              ok                  ok                  BlockedActor        BlockedSubject      AccountSuspended    ok
group.createJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.disableJoinLink          InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.editGroup                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.editJoinLink             InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.enableJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.getJoinLinkPreviews      hidden              hidden              hidden              hidden              hidden              hidden
group.listJoinRequests         InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.listMutualGroups         hidden              hidden              hidden              hidden              hidden              hidden
group.rejectJoinRequest        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.removeMembers            InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.requestJoin              InvalidCode         InvalidCode         InvalidCode         InvalidCode         InvalidCode         InvalidCode
group.updateJoinRequestsRead   InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo
group.withdrawJoinRequest      InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest
moderation.getActorMetadata    Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvo            Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvoMembers     Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvos           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getMessageContext   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.subscribeModEvents  Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.updateActorAccess   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
notification.getPreferences    ok                  ok                  ok                  ok                  ok                  ok
notification.putPreferences    ok                  ok                  ok                  ok                  ok                  ok
parley.convo.subscribeLog      shown               shown               shown               shown               shown               shown
`

/** A group, for those who are not in it. */
export const groupOutsiders = `
method                         stranger            stranger-blocked    stranger-blocking   stranger-disabled   waiting       left                removed
actor.deleteAccount            ok                  ok                  ok                  ok                  ok            ok                  ok
actor.exportAccountData        hidden              hidden              hidden              hidden              shown         hidden              hidden
actor.getStatus                ok                  ok                  ok                  ok                  ok            ok                  ok
convo.acceptConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.addReaction              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.deleteMessageForSelf     InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.getConvo                 InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.getConvoAvailability     hidden              hidden              hidden              hidden              hidden        hidden              hidden
convo.getConvoForMembers       ok                  BlockedActor        BlockedSubject      AccountSuspended    ok            ok                  ok
convo.getConvoMembers          InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.getLog                   hidden              hidden              hidden              hidden              shown         shown               shown
convo.getMessages              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.getUnreadCounts          ok                  ok                  ok                  ok                  ok            ok                  ok
convo.leaveConvo               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.listConvoRequests        hidden              hidden              hidden              hidden              shown         hidden              hidden
convo.listConvos               hidden              hidden              hidden              hidden              hidden        hidden              hidden
convo.lockConvo                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.muteConvo                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.removeReaction           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.sendMessage              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.sendMessageBatch         InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.unlockConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.unmuteConvo              InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
convo.updateAllRead            ok                  ok                  ok                  ok                  ok            ok                  ok
convo.updateRead               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.addMembers               InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.approveJoinRequest       InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.createGroup              ok                  BlockedActor        BlockedSubject      AccountSuspended    ok            ok                  ok
group.createJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.disableJoinLink          InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.editGroup                InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.editJoinLink             InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.enableJoinLink           InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.getJoinLinkPreviews      shown               shown               shown               shown               shown         shown               shown
group.listJoinRequests         InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.listMutualGroups         hidden              hidden              hidden              hidden              hidden        hidden              hidden
group.rejectJoinRequest        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.removeMembers            InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.requestJoin              ok                  UserKicked          blocked             disabled            ok            ok                  UserKicked
group.updateJoinRequestsRead   InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo        InvalidConvo  InvalidConvo        InvalidConvo
group.withdrawJoinRequest      InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  ok            InvalidJoinRequest  InvalidJoinRequest
moderation.getActorMetadata    Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.getConvo            Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.getConvoMembers     Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.getConvos           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.getMessageContext   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.subscribeModEvents  Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
moderation.updateActorAccess   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden     Forbidden           Forbidden
notification.getPreferences    ok                  ok                  ok                  ok                  ok            ok                  ok
notification.putPreferences    ok                  ok                  ok                  ok                  ok            ok                  ok
parley.convo.subscribeLog      hidden              hidden              hidden              hidden              shown         shown               shown
`

/** A group, for members who do not own it. */
export const groupMembers = `
method                         requested           accepted            blocked             blocking            disabled            locked
actor.deleteAccount            ok                  ok                  ok                  ok                  ok                  ok
actor.exportAccountData        shown               shown               shown               shown               shown               shown
actor.getStatus                ok                  ok                  ok                  ok                  ok                  ok
convo.acceptConvo              ok                  ok                  ok                  ok                  ok                  ok
convo.addReaction              ok                  ok                  ok                  ok                  disabled            ConvoLocked
convo.deleteMessageForSelf     ok                  ok                  ok                  ok                  ok                  ok
convo.getConvo                 ok                  ok                  ok                  ok                  ok                  ok
convo.getConvoAvailability     hidden              hidden              hidden              hidden              hidden              hidden
convo.getConvoForMembers       ok                  ok                  BlockedActor        BlockedSubject      AccountSuspended    ok
convo.getConvoMembers          ok                  ok                  ok                  ok                  ok                  ok
convo.getLog                   shown               shown               shown               shown               shown               shown
convo.getMessages              ok                  ok                  ok                  ok                  ok                  ok
convo.getUnreadCounts          ok                  ok                  ok                  ok                  ok                  ok
convo.leaveConvo               ok                  ok                  ok                  ok                  ok                  ok
convo.listConvoRequests        shown               hidden              hidden              hidden              hidden              hidden
convo.listConvos               shown               shown               shown               shown               shown               shown
convo.lockConvo                InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
convo.muteConvo                ok                  ok                  ok                  ok                  ok                  ok
convo.removeReaction           ok                  ok                  ok                  ok                  disabled            ConvoLocked
convo.sendMessage              ok                  ok                  ok                  ok                  disabled            ConvoLocked
convo.sendMessageBatch         ok                  ok                  ok                  ok                  disabled            ConvoLocked
convo.unlockConvo              InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
convo.unmuteConvo              ok                  ok                  ok                  ok                  ok                  ok
convo.updateAllRead            ok                  ok                  ok                  ok                  ok                  ok
convo.updateRead               ok                  ok                  ok                  ok                  ok                  ok
group.addMembers               InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.approveJoinRequest       InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.createGroup              ok                  ok                  BlockedActor        BlockedSubject      AccountSuspended    ok
group.createJoinLink           InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.disableJoinLink          InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.editGroup                InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.editJoinLink             InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.enableJoinLink           InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.getJoinLinkPreviews      shown               shown               shown               shown               shown               shown
group.listJoinRequests         InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.listMutualGroups         shown               shown               shown               shown               shown               shown
group.rejectJoinRequest        InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.removeMembers            InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.requestJoin              ok                  ok                  ok                  ok                  ok                  ok
group.updateJoinRequestsRead   InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole    InsufficientRole
group.withdrawJoinRequest      InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest
moderation.getActorMetadata    Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvo            Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvoMembers     Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getConvos           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.getMessageContext   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.subscribeModEvents  Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
moderation.updateActorAccess   Forbidden           Forbidden           Forbidden           Forbidden           Forbidden           Forbidden
notification.getPreferences    ok                  ok                  ok                  ok                  ok                  ok
notification.putPreferences    ok                  ok                  ok                  ok                  ok                  ok
parley.convo.subscribeLog      shown               shown               shown               shown               shown               shown
`

/** A group, for its owner. */
export const groupOwners = `
method                         owner               blocked             blocking            disabled                 locked
actor.deleteAccount            ok                  ok                  ok                  ok                       ok
actor.exportAccountData        shown               shown               shown               shown                    shown
actor.getStatus                ok                  ok                  ok                  ok                       ok
convo.acceptConvo              ok                  ok                  ok                  ok                       ok
convo.addReaction              ok                  ok                  ok                  disabled                 ConvoLocked
convo.deleteMessageForSelf     ok                  ok                  ok                  ok                       ok
convo.getConvo                 ok                  ok                  ok                  ok                       ok
convo.getConvoAvailability     hidden              hidden              hidden              hidden                   hidden
convo.getConvoForMembers       ok                  BlockedActor        BlockedSubject      AccountSuspended         ok
convo.getConvoMembers          ok                  ok                  ok                  ok                       ok
convo.getLog                   shown               shown               shown               shown                    shown
convo.getMessages              ok                  ok                  ok                  ok                       ok
convo.getUnreadCounts          ok                  ok                  ok                  ok                       ok
convo.leaveConvo               OwnerCannotLeave    OwnerCannotLeave    OwnerCannotLeave    OwnerCannotLeave         ok
convo.listConvoRequests        hidden              hidden              hidden              hidden                   hidden
convo.listConvos               shown               shown               shown               shown                    shown
convo.lockConvo                ok                  ok                  ok                  ok                       ConvoLocked
convo.muteConvo                ok                  ok                  ok                  ok                       ok
convo.removeReaction           ok                  ok                  ok                  disabled                 ConvoLocked
convo.sendMessage              ok                  ok                  ok                  disabled                 ConvoLocked
convo.sendMessageBatch         ok                  ok                  ok                  disabled                 ConvoLocked
convo.unlockConvo              ok                  ok                  ok                  ConvoLockedByModeration  ok
convo.unmuteConvo              ok                  ok                  ok                  ok                       ok
convo.updateAllRead            ok                  ok                  ok                  ok                       ok
convo.updateRead               ok                  ok                  ok                  ok                       ok
group.addMembers               ok                  BlockedActor        BlockedSubject      AccountSuspended         ConvoLocked
group.approveJoinRequest       ok                  blocked             blocked             disabled                 ConvoLocked
group.createGroup              ok                  BlockedActor        BlockedSubject      AccountSuspended         ok
group.createJoinLink           ok                  ok                  ok                  disabled                 ok
group.disableJoinLink          ok                  ok                  ok                  ok                       ok
group.editGroup                ok                  ok                  ok                  ConvoLocked              ConvoLocked
group.editJoinLink             ok                  ok                  ok                  disabled                 ok
group.enableJoinLink           ok                  ok                  ok                  disabled                 ok
group.getJoinLinkPreviews      shown               shown               shown               shown                    shown
group.listJoinRequests         ok                  ok                  ok                  ok                       ok
group.listMutualGroups         shown               shown               shown               shown                    shown
group.rejectJoinRequest        ok                  ok                  ok                  ok                       ok
group.removeMembers            ok                  ok                  ok                  ok                       ok
group.requestJoin              ok                  ok                  ok                  ok                       ok
group.updateJoinRequestsRead   ok                  ok                  ok                  ok                       ok
group.withdrawJoinRequest      InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest  InvalidJoinRequest       InvalidJoinRequest
moderation.getActorMetadata    Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.getConvo            Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.getConvoMembers     Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.getConvos           Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.getMessageContext   Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.subscribeModEvents  Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
moderation.updateActorAccess   Forbidden           Forbidden           Forbidden           Forbidden                Forbidden
notification.getPreferences    ok                  ok                  ok                  ok                       ok
notification.putPreferences    ok                  ok                  ok                  ok                       ok
parley.convo.subscribeLog      shown               shown               shown               shown                    shown
`
