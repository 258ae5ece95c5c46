"""Reads all that one account and a moderator can see through the models of the published atproto package.

The models are strict: a field that is missing or of another JSON type raises ModelError. Types of open unions that a
model does not know fall back to dictionaries without an error; those are looked for here.

Of atproto 0.0.73 every method that reads is called. Two things it cannot do itself: its export_account_data takes JSON
Lines for JSON and fails, so that the same request is made without it; and it has models for the events of
subscribeModEvents but no client for the stream, so that the events are given to this program.

Asks the environment for
ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD: the account, as its own PDS knows it;
OTHER: a DID to ask the availability of, and common groups with;
CHAT_SERVICE: where moderators call;
MODERATOR_TOKENS: JSON with the authorization for each method of theirs, by its NSID;
MOD_EVENTS: path of a file with events, a JSON array.
Prints one line of JSON: how many objects of each model came by, which models of chat.bsky never did, and how
many lines an export has.
"""

import importlib
import json
import os
import pkgutil
import re
from collections import Counter

import httpx
from atproto import Client, models
from atproto_client.models.base import ModelBase, ParamsModelBase
from atproto_client.models.chat import bsky
from atproto_client.models.dot_dict import DotDict
from atproto_client.models.utils import get_or_create

ZERO_CURSOR = '2' * 13
PAGE = 2


def name_of(model: type) -> str:
    return f'{model.__module__.removeprefix("atproto_client.models.")}.{model.__name__}'


class Reading:
    """What came by so far."""

    def __init__(self) -> None:
        self.seen: Counter = Counter()
        self.codes: list[str] = []
        self.message_ids: list[str] = []

    def look(self, value: object, path: str) -> None:
        """Counts every model in an answer and stops at whatever stayed a plain dictionary with a type."""
        if isinstance(value, ModelBase):
            self.seen[name_of(type(value))] += 1
            self.note(value)
            for name in type(value).model_fields:
                self.look(getattr(value, name), f'{path}.{name}')
        elif isinstance(value, (list, tuple)):
            for place, item in enumerate(value):
                self.look(item, f'{path}[{place}]')
        elif isinstance(value, (dict, DotDict)) and value:
            raise TypeError(f'no model fits {path}')

    def note(self, model: ModelBase) -> None:
        """Keeps what other methods can be asked about."""
        if isinstance(model, models.ChatBskyConvoDefs.MessageView):
            self.message_ids.append(model.id)
        code = getattr(model, 'code', None)
        if code is not None and code not in self.codes:
            self.codes.append(code)

    def pages(self, call, params, items: str) -> list:
        """All items of a paged method, a few at a time."""
        found: list = []
        cursor = None
        while True:
            answer = call(params(cursor))
            self.look(answer, call.__name__)
            found += getattr(answer, items)
            if answer.cursor is None or not getattr(answer, items):
                return found
            cursor = answer.cursor


def read_log(reading: Reading, convo) -> None:
    cursor = ZERO_CURSOR
    while True:
        answer = convo.get_log(models.ChatBskyConvoGetLog.Params(cursor=cursor))
        reading.look(answer, 'get_log')
        if not answer.logs:
            break
        cursor = answer.cursor
    reading.look(convo.get_log(), 'get_log of now')


def read_convo(reading: Reading, chat, view) -> None:
    convo_id = view.id
    reading.look(chat.convo.get_convo(models.ChatBskyConvoGetConvo.Params(convo_id=convo_id)), 'get_convo')

    def page_of(params):
        return lambda cursor: params(convo_id=convo_id, limit=PAGE, cursor=cursor)

    reading.pages(chat.convo.get_messages, page_of(models.ChatBskyConvoGetMessages.Params), 'messages')
    members = reading.pages(chat.convo.get_convo_members, page_of(models.ChatBskyConvoGetConvoMembers.Params), 'members')
    owners = [member.did for member in members if getattr(member.kind, 'role', None) == 'owner']
    if owners == [chat.did]:
        requests = page_of(models.ChatBskyGroupListJoinRequests.Params)
        reading.pages(chat.group.list_join_requests, requests, 'requests')


class Chat:
    """The methods of chat.bsky as one account calls them."""

    def __init__(self, client: Client) -> None:
        through_pds = client.with_bsky_chat_proxy()
        self.did = client.me.did
        self.actor = through_pds.chat.bsky.actor
        self.convo = through_pds.chat.bsky.convo
        self.group = through_pds.chat.bsky.group
        self.notification = through_pds.chat.bsky.notification
        self.request = through_pds.request


def read_as_account(reading: Reading, chat: Chat, other: str) -> list[str]:
    """@returns the ids of all convos"""
    convo = chat.convo
    lists = models.ChatBskyConvoListConvos.Params
    convos = reading.pages(convo.list_convos, lambda cursor: lists(limit=PAGE, cursor=cursor), 'convos')
    requests = models.ChatBskyConvoListConvoRequests.Params
    reading.pages(convo.list_convo_requests, lambda cursor: requests(limit=PAGE, cursor=cursor), 'requests')
    for view in convos:
        read_convo(reading, chat, view)
    read_log(reading, convo)

    availability = models.ChatBskyConvoGetConvoAvailability.Params(members=[other])
    reading.look(convo.get_convo_availability(availability), 'get_convo_availability')
    between = models.ChatBskyConvoGetConvoForMembers.Params(members=[other])
    reading.look(convo.get_convo_for_members(between), 'get_convo_for_members')
    reading.look(convo.get_unread_counts(), 'get_unread_counts')

    mutual = models.ChatBskyGroupListMutualGroups.Params
    reading.pages(chat.group.list_mutual_groups, lambda cursor: mutual(subject=other, limit=PAGE, cursor=cursor), 'convos')
    codes = models.ChatBskyGroupGetJoinLinkPreviews.Params(codes=reading.codes)
    reading.look(chat.group.get_join_link_previews(codes), 'get_join_link_previews')

    reading.look(chat.notification.get_preferences(), 'get_preferences')
    reading.look(chat.actor.get_status(), 'get_status')
    return [view.id for view in convos]


def export(service: str, chat: Chat) -> int:
    """@returns how many lines there are, each of them JSON"""
    url = f'{service}/xrpc/chat.bsky.actor.exportAccountData'
    answer = httpx.get(url, headers=chat.request.get_headers())
    answer.raise_for_status()
    return len([json.loads(line) for line in answer.text.splitlines()])


def read_as_moderator(reading: Reading, service: str, tokens: dict[str, str], actor: str, convo_ids: list[str]) -> None:
    moderation = Client(service).chat.bsky.moderation

    def read(method, params) -> None:
        nsid = 'chat.bsky.moderation.' + re.sub('_(.)', lambda match: match[1].upper(), method.__name__)
        reading.look(method(params, headers={'Authorization': tokens[nsid]}), nsid)

    read(moderation.get_actor_metadata, models.ChatBskyModerationGetActorMetadata.Params(actor=actor))
    read(moderation.get_convos, models.ChatBskyModerationGetConvos.Params(convo_ids=convo_ids))
    for convo_id in convo_ids:
        read(moderation.get_convo, models.ChatBskyModerationGetConvo.Params(convo_id=convo_id))
        read(moderation.get_convo_members, models.ChatBskyModerationGetConvoMembers.Params(convo_id=convo_id))
    for message_id in sorted(set(reading.message_ids)):
        read(moderation.get_message_context, models.ChatBskyModerationGetMessageContext.Params(message_id=message_id))


def read_events(reading: Reading, path: str) -> None:
    with open(path, encoding='utf8') as file:
        events = json.load(file)
    for event in events:
        name = event['$type'].split('#')[1]
        model = getattr(models.ChatBskyModerationSubscribeModEvents, name[0].upper() + name[1:])
        reading.look(get_or_create(event, model), name)


def models_of_chat() -> set[str]:
    """Those in what is read: neither parameters, nor what writes, nor the declaration, which PDSes keep."""
    found = set()
    for found_module in pkgutil.walk_packages(bsky.__path__, f'{bsky.__name__}.'):
        module = importlib.import_module(found_module.name)
        writes = hasattr(module, 'Data') or hasattr(module, 'Record')
        for value in [] if writes else vars(module).values():
            is_own = isinstance(value, type) and value.__module__ == module.__name__
            if is_own and issubclass(value, ModelBase) and not issubclass(value, ParamsModelBase):
                found.add(name_of(value))
    return found


def main() -> None:
    env = os.environ
    client = Client(env['ATP_SERVICE'])
    client.login(env['ATP_IDENTIFIER'], env['ATP_PASSWORD'])
    chat = Chat(client)
    reading = Reading()
    convo_ids = read_as_account(reading, chat, env['OTHER'])
    exported = export(env['ATP_SERVICE'], chat)
    read_as_moderator(reading, env['CHAT_SERVICE'], json.loads(env['MODERATOR_TOKENS']), chat.did, convo_ids)
    read_events(reading, env['MOD_EVENTS'])
    unseen = sorted(models_of_chat() - set(reading.seen))
    print(json.dumps({'seen': reading.seen, 'unseen': unseen, 'exported': exported}))


if __name__ == '__main__':
    main()
