import type { ChatError, ChatErrorCode } from '@parley/sdk'

/** What the SDK's hints say of its methods, said of commands. */
const byCode: Partial<Record<ChatErrorCode, string>> = {
  'auth/expired': 'Log in again: parley login',
  'auth/missing-dm-scope':
    'In the app: Settings, Privacy and security, App passwords: add one with "Allow access to your direct messages" ' +
    'ticked, and log in with it.',
  'auth/required': 'Log in with: parley login',
  'auth/second-factor-required': 'A code was sent by e-mail. Give it with --code.',
  'identity/unresolved': 'Check the spelling of the handle.',
  'not-routed': 'Is the chat service right? parley doctor looks; parley login --chat names another.',
  'too-long': 'A message holds 1000 characters. --long sends the text in several messages.',
}

const noMessage = 'parley read shows messages with their names.'

/** Of what servers refuse by a name of the lexicon. */
const byName: Readonly<Record<string, string>> = {
  ConvoLocked: 'It takes no messages until its owner unlocks it.',
  FollowRequired: 'Its owner lets only those in whom they follow.',
  InsufficientRole: "Only the group's owner may do that: parley groups members says who it is.",
  InvalidCode: 'No link has this code: ask for a new one.',
  InvalidConvo:
    'parley ls lists your conversations. People are named by their handle, which has a dot in it.',
  LinkDisabled: 'Its owner has closed the link: ask them to open it, or to add you.',
  OwnerCannotLeave: 'Lock it first: parley groups lock, with its id. It ends when you leave it then.',
  ReplyTargetNotFound: noMessage,
  ReactionInvalidValue: 'A reaction is one emoji, such as 👍.',
  ReactionNotAllowed: 'A reaction is one emoji, such as 👍.',
  UserKicked: 'You were removed from this group: only its owner can add you again.',
}

/** What to do about an error of the SDK. */
export function hintOf(error: ChatError): string | undefined {
  const { code, lexError, hint } = error
  if (isAboutNoMessage(error)) return noMessage
  const named = lexError !== undefined && Object.hasOwn(byName, lexError) ? byName[lexError] : undefined
  return named ?? byCode[code] ?? hint
}

/** A message that is not there has no name of its own among the refusals. */
export function isAboutNoMessage({ code, message }: ChatError): boolean {
  return code === 'invalid-input' && message.endsWith('Message not found')
}
