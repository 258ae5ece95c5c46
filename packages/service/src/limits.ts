/**
 * Every number that bounds what callers may do and what they may cost: its unit stands in its name, its reason
 * beside it. What a lexicon limits (text length, page and batch size) stands in the lexicon; what concerns the
 * inner working of one file stands there.
 */

/** A body larger than this is refused unread. The longest message with facets is a fifth of it. */
export const bodyBytesMax = 160 * 1024

/** A full batch: 100 messages of 10 000 bytes are 1.2 MB with facets. */
export const batchBodyBytesMax = 2 * 1024 * 1024

/** Bodies up to this go from an HTTP worker with their heads; larger ones are asked for. Below all other bounds of bodies. */
export const bodyBytesAheadMax = 16 * 1024

/**
 * Requests that an HTTP worker has passed on and the service has not heard of yet: a third of a second's worth, 45 KB
 * each with the longest body that goes ahead. More are refused. Whoever hangs up and comes again would otherwise fill
 * memory while the service is busy.
 */
export const unheardRequestsMax = 2_000

/** More of them than this do not make one store faster. */
export const httpWorkersMax = 16

/** Values in one body. A full batch has 30 000 with a dozen facets a message; refusing more costs less than reading it. */
export const jsonValuesMax = 50_000

/** The deepest value a lexicon of ours reaches is 9 levels; what is deeper only serves to exhaust a stack. */
export const jsonDepthMax = 32

/** From the first byte of a request to its last. A PDS gives up on us after 10 s, a slow phone needs some. */
export const requestTimeoutMs = 30_000

/** Headers are one packet or two: whoever needs longer is holding the connection for its own sake. */
export const headersTimeoutMs = 10_000

/** How often node looks for connections that are over one of the two limits above; its default is as long as the longer one. */
export const timeoutCheckIntervalMs = 5_000

/** Longer than the keep-alive of the proxies in front of us (60 s), so that they close first and no request is lost. */
export const keepAliveTimeoutMs = 72_000

/** Requests of one connection that are worked on at a time. Proxies and browsers send one and wait. */
export const requestsPerConnectionMax = 64

/** What still arrives of a body after its request was answered, and is let pass for the sake of the connection. */
export const unreadBodyBytesMax = 1024 * 1024

/** For the other side to read its answer when we stop reading what it sends. */
export const hangUpMs = 2_000

/** NSIDs are at most 317 characters; anything longer is no method. */
export const nsidLengthMax = 317

/** How long a browser may remember our answer to a preflight request. */
export const preflightAgeSec = 24 * 60 * 60

/** On shutdown, what is in flight gets this long: a PDS has given up on it by then. */
export const shutdownTimeoutMs = 10_000

/** A PDS's token is under 400 bytes; the longest DIDs and NSIDs allowed make it 3 KB. */
export const jwtBytesMax = 4 * 1024

/** How long after `exp` a token still counts: clocks differ. */
export const jwtExpiredLeewaySec = 5

/** How far ahead of ours the signer's clock (`iat`, `nbf`) may be. Wider than the above: its users cannot mend it. */
export const jwtClockAheadMaxSec = 30

/** How far ahead `exp` may lie: a PDS grants an hour (behaviour.md 1.3), and its clock may be ahead. */
export const jwtLifetimeMaxSec = 65 * 60

/** Public keys kept ready for verification, about 0.5 KB each. Unpacking one again costs 5 to 50 µs. */
export const preparedKeysMax = 20_000

/** Tokens remembered to refuse a second use, about 150 bytes each: a minute's worth at 2 000 requests/s. */
export const replayTokensMax = 120_000

/** Accounts whose request rates are remembered. A forgotten one starts afresh with full buckets. */
export const rateLimitedAccountsMax = 100_000

/** `count` per `periodSec`, refilled steadily; a pause earns at most `count`. */
export interface Rate {
  count: number
  periodSec: number
}

export interface RateLimits {
  /** Calls of any method by one account. */
  calls: Rate
  /** Calls without a token, of all who make them together. */
  anonymousCalls: Rate
  /** Messages sent by one account; each must be satisfied. The items of a batch count one by one. */
  sends: readonly Rate[]
  /** Calls of one account that change anything but send; each must be satisfied. */
  changes: readonly Rate[]
  /** Conversations that one account begins or asks to join, and whom it invites to a group, one by one. */
  newConvos: Rate
}

/** behaviour.md 7 (8): generous to readers that poll, tight on whoever floods. */
export const defaultRateLimits: RateLimits = {
  calls: { count: 3000, periodSec: 5 * 60 },
  // An invitation that thousands open within the minute; one flood of them is a small part of what we can answer.
  anonymousCalls: { count: 3000, periodSec: 60 },
  sends: [
    { count: 30, periodSec: 60 },
    { count: 1000, periodSec: 24 * 60 * 60 },
  ],
  // Whoever reads along marks as read with every message. In a group, one change is a row in a hundred logs.
  changes: [
    { count: 120, periodSec: 60 },
    { count: 10_000, periodSec: 24 * 60 * 60 },
  ],
  newConvos: { count: 50, periodSec: 60 * 60 },
}

/** An account that goes on after it was refused is told of once in this time, for each method. */
export const rateLimitReportIntervalMs = 60_000

/** Accounts and methods remembered for that, about 0.5 KB each; a forgotten one may be told of again. */
export const rateLimitReportsMax = 10_000

/** A stored message with facets and embed, as JSON: the longest text, and as much again. */
export const messageBodyBytesMax = 24 * 1024

/** A UUID has 36. */
export const idempotencyKeyCharsMax = 128

/** Different reactions by one member on one message; official clients know this number (behaviour.md 2.3). */
export const reactionsPerMemberMax = 5

/** Messages in one answer of `getLog`, as JSON; the row that exceeds it is the last. */
export const logPageBytesMax = 256 * 1024

/** Rows in one answer of `getLog`, whose lexicon names no limit (behaviour.md 7 (1)). */
export const logPageRowsMax = 100

/** Convos marked as read in one transaction; more take several, so that nobody else waits long. */
export const readConvosPerTransactionMax = 200

/** Pages of 100 unread convos that are looked at to count those that count. */
export const unreadCountPagesMax = 3

/** For how long a send is known by its idempotency key: longer than any client goes on retrying. */
export const sentKeyKeptMs = 7 * 24 * 60 * 60 * 1000

/** Works that share one commit: bounds how long a commit can take. */
export const worksPerCommitMax = 256

/** Works that wait for a commit: seconds of them. */
export const worksWaitingMax = 10_000

/** Questions of one kind that wait for the one before: seconds of them. */
export const questionsWaitingMax = 10_000

/** A commit that has taken so long is not tried again: its connections may each have been waited for. */
export const commitPatienceMs = 8000

/** How often a commit is tried that other processes came in the way of, or that lost its connection. */
export const commitAttemptsMax = 8

/** Members of a group, its owner included (behaviour.md 3.11). */
export const groupMembersMax = 100

/** Members that a group's view names before those that its messages need; the rest is in `getConvoMembers`. */
export const convoViewMembersMax = 5

/** Requests that wait for one owner: ending a group answers all of them in one transaction. */
export const joinRequestsMax = 1000

/** What a count of join requests says at most; more is "more than 20" (`chat.bsky.convo.defs#groupConvo`). */
export const joinRequestCountMax = 21

/** How often a page of messages is asked for again because some of its senders turned out to be gone. */
export const goneSenderRoundsMax = 5

/** Messages, or rows of the log, that go in one transaction when an account is deleted. */
export const erasedPerTransactionMax = 500

/** Written messages on one side of a message that moderators look at. */
export const contextMessagesMax = 100

/** Messages of all kinds that are looked at for those; in between, a group may have been renamed any number of times. */
export const contextScanMax = 2000

/** Events for moderators that are read at once. */
export const modEventsPageMax = 100

/** How often subscribers look for events that another process has stored. */
export const modEventsPollMs = 1000

/** Convos and messages that are read at once for an export: what of it is in memory at one time. */
export const exportPageMax = 100

/** Exports that are on their way at one time: each holds a page or two for as long as its reader takes. */
export const openExports: OpenMax = { perAccountMax: 2, totalMax: 64 }

/** A connection on which nothing moves for so long is closed: who reads nothing holds what waits to be sent. */
export const idleConnectionTimeoutMs = 60_000

/** What holds for subscriptions, which stay open. */
export interface SubscriptionLimits {
  /** From handing over a frame, one at a time, until the system has taken all of it from us. */
  frameTimeoutMs: number
  /** Between two pings; who has not answered one when the next is due is gone. */
  pingIntervalMs: number
  /** How long the other side may take to close when told so. */
  closeTimeoutMs: number
  /** The largest message that we receive, and how many; we read none. */
  receivedBytesMax: number
  receivedMessagesMax: number
}

export const defaultSubscriptionLimits: SubscriptionLimits = {
  frameTimeoutMs: 30_000,
  pingIntervalMs: 30_000,
  closeTimeoutMs: 5_000,
  receivedBytesMax: 1024,
  receivedMessagesMax: 100,
}

/** What may be open at one time, by one account and by all. */
export interface OpenMax {
  perAccountMax: number
  totalMax: number
}

/** Moderators run one consumer or two; the rest is for those that reconnect before we see that they went. */
export const openModEvents: OpenMax = { perAccountMax: 8, totalMax: 64 }

/** Whoever reads along runs a phone, some windows and a bot; all of them together are a few KB each. */
export const openLogs: OpenMax = { perAccountMax: 8, totalMax: 20_000 }

/** How often a stream of the log looks for what another process has written, where no wake-up tells of it. */
export const logRecheckMs = 10_000

/**
 * A stream of the log that has said nothing for so long says so when it looks next: at least every 35 s. Browsers do not
 * show pings to programs.
 */
export const logHeartbeatMs = 20_000

/** Rows of members kept in memory, about 0.3 KB each. */
export const knownMembersMax = 50_000

/** Direct convos of which is kept in memory who the two are, about 0.2 KB each. */
export const knownDirectsMax = 20_000

/** Accounts whose row and newest rev are kept in memory, about 0.2 KB each. */
export const knownAccountsMax = 50_000

/** A poll may miss for so long what another process has written, where no wake-up tells of it. */
export const headRecheckMs = 1000

/** Accounts that one wake-up names; each is at most 256 characters, and a message of NATS at most 1 MB. */
export const accountsPerWakeUpMax = 2000

/** Between attempts to reach NATS for the first time. */
export const natsRetryMs = 2000

/** Between two pings to NATS: a server that is gone without a word is noticed by nothing else, where little is told. */
export const natsPingIntervalMs = 10_000

/** Pings that NATS may leave unanswered: at the next it is given up, so within half a minute, and another one tried. */
export const natsPingsUnansweredMax = 2

/** Newest messages of convos kept in memory, in bytes. */
export const knownPagesBytesMax = 32 * 1024 * 1024
