/** Lexicon names that a method answers with although its own lexicon does not declare them, and why. */
export const undeclared: Readonly<Record<string, readonly string[]>> = {
  // A locked convo takes no more content and no more members (behaviour.md 2.3, 3.11, 7 (35)).
  'chat.bsky.convo.addReaction': ['ConvoLocked'],
  'chat.bsky.convo.removeReaction': ['ConvoLocked'],
  'chat.bsky.group.approveJoinRequest': ['ConvoLocked'],
}
