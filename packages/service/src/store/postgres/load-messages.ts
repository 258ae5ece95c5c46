import type { Did } from '@atcute/lexicons/syntax'
import type { Tid } from '../../tid.ts'
import type { Loaded } from '../engine.ts'
import type { MessageId } from '../rows.ts'
import type { Scope } from '../scope.ts'
import {
  accountsIn,
  type MessageTable,
  type ReactionTable,
  readMessage,
  readReaction,
} from '../sql/row-readers.ts'
import { messageKey } from '../working-set.ts'
import type { PostgresAccounts } from './accounts.ts'
import type { Answer, Flight } from './flight.ts'

type Messages = Pick<Loaded, 'messages' | 'reactions' | 'hidden' | 'sentKeys'>

interface AboutMessages {
  messages: Answer<MessageTable>
  reactions: Answer<ReactionTable>
}

interface HiddenTable {
  account: number
  convo: Tid
  message: Tid
}

/** The messages of a scope, those sent with its keys among them, with what belongs to them. */
export function askForMessages(
  flight: Flight,
  accounts: PostgresAccounts,
  scope: Required<Scope>,
): () => Promise<Messages> {
  const ofErasures = scope.erasures.flatMap(({ convoId, messageIds }) =>
    messageIds.map(messageId => ({ convoId, messageId })),
  )
  const named = askAboutNamed(flight, [...scope.messages, ...ofErasures])
  const keys = keysOf(accounts, scope)
  const sentKeys = flight.askAbout<{ account: number; key: string; convo: Tid; message: Tid }>(
    'select * from sent_key where (account, key) in (select * from unnest($1::bigint[], $2::text[]))',
    ...keys,
  )
  const sent = askAboutSent(flight, keys)
  const hidden = [
    flight.askAbout<HiddenTable>(
      `select * from hidden_message
       where (account, convo, message) in (select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]))`,
      scope.messages.map(({ viewer }) => accounts.known(viewer) ?? 0),
      scope.messages.map(({ convoId }) => convoId),
      scope.messages.map(({ messageId }) => messageId),
    ),
    flight.askAbout<HiddenTable>(
      `select hidden_message.* from member join hidden_message
         on hidden_message.account = member.account and hidden_message.convo = member.convo
       where member.convo = any($1) and (hidden_message.convo, hidden_message.message) in (
         select * from unnest($1::bigint[], $2::bigint[]))`,
      ofErasures.map(({ convoId }) => convoId),
      ofErasures.map(({ messageId }) => messageId),
    ),
  ]
  return async () => {
    const messages = [...named.messages.rows, ...sent.messages.rows]
    const reactions = [...named.reactions.rows, ...sent.reactions.rows]
    const allHidden = hidden.flatMap(({ rows }) => rows)
    await accounts.meet(accountsIn([...messages, ...reactions, ...allHidden, ...sentKeys.rows]))
    return {
      messages: messages.map(row => readMessage(accounts, row)),
      reactions: eachOnce(reactions).map(row => readReaction(accounts, row)),
      hidden: allHidden.map(row => ({ viewer: accounts.did(row.account), ...idOf(row) })),
      sentKeys: sentKeys.rows.map(row => ({ did: accounts.did(row.account), key: row.key, ...idOf(row) })),
    }
  }
}

function askAboutNamed(flight: Flight, ids: readonly MessageId[]): AboutMessages {
  const [convos, messages] = [ids.map(({ convoId }) => convoId), ids.map(({ messageId }) => messageId)]
  return {
    messages: flight.askAbout(
      'select * from message where (convo, id) in (select * from unnest($1::bigint[], $2::bigint[]))',
      convos,
      messages,
    ),
    reactions: flight.askAbout(
      `select * from reaction
       where (convo, message) in (select * from unnest($1::bigint[], $2::bigint[])) order by rev`,
      convos,
      messages,
    ),
  }
}

function keysOf(accounts: PostgresAccounts, { sentKeys }: Required<Scope>): [number[], string[]] {
  return [sentKeys.map(({ did }: { did: Did }) => accounts.known(did) ?? 0), sentKeys.map(({ key }) => key)]
}

function askAboutSent(flight: Flight, keys: [number[], string[]]): AboutMessages {
  const isAsked = '(sent_key.account, sent_key.key) in (select * from unnest($1::bigint[], $2::text[]))'
  return {
    messages: flight.askAbout(
      `select message.* from sent_key
       join message on message.convo = sent_key.convo and message.id = sent_key.message where ${isAsked}`,
      ...keys,
    ),
    reactions: flight.askAbout(
      `select reaction.* from sent_key
       join reaction on reaction.convo = sent_key.convo and reaction.message = sent_key.message
       where ${isAsked} order by rev`,
      ...keys,
    ),
  }
}

/** A message may be asked for by its id and by its key. */
function eachOnce(reactions: readonly ReactionTable[]): ReactionTable[] {
  const byKey = new Map(reactions.map(row => [`${messageKey(idOf(row))} ${row.sender} ${row.value}`, row]))
  return [...byKey.values()].sort((a, b) => a.rev - b.rev)
}

function idOf({ convo, message }: { convo: Tid; message: Tid }): MessageId {
  return { convoId: convo, messageId: message }
}
