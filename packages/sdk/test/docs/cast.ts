/** Whom the pages speak of: accounts of the network on which snippets run. All accept messages from all, unless said. */
export interface CastMember {
  handle: string
  displayName?: string
  allowIncoming?: 'none' | 'following'
}

export const cast: readonly CastMember[] = [
  { handle: 'you.example.com', displayName: 'You' },
  { handle: 'bot.example.com', displayName: 'The Bot' },
  { handle: 'alice.example.com', displayName: 'Alice' },
  { handle: 'bob.example.com' },
  { handle: 'carol.example.com', displayName: 'Carol' },
  { handle: 'stranger.example.com', allowIncoming: 'following' },
  { handle: 'closed.example.com', allowIncoming: 'none' },
]

/** What passwords are called in the environment of a snippet: `ALICE_PASSWORD`; its own account's is `APP_PASSWORD`, too. */
export function passwordVariable(handle: string): string {
  return `${handle.split('.')[0]!.toUpperCase()}_PASSWORD`
}
