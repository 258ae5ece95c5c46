"""Reads all that one account can see through the models of the published atproto package.

The models are strict: a field that is missing or of another JSON type raises ModelError. Types of open unions that a
model does not know fall back to dictionaries without an error; those are looked for here.
Asks the environment for ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD and OTHER (a DID to ask the availability of).
Prints one line of JSON: how many objects of each model came by.
"""

import json
import os
from collections import Counter

from atproto import Client, models
from atproto_client.models.base import ModelBase
from atproto_client.models.dot_dict import DotDict

ZERO_CURSOR = '2' * 13
PAGE = 2


def look(value: object, path: str, seen: Counter) -> None:
    """Counts every model in an answer and stops at whatever stayed a plain dictionary with a type."""
    if isinstance(value, ModelBase):
        seen[type(value).__module__.rsplit('.', 1)[-1] + '.' + type(value).__name__] += 1
        for name in type(value).model_fields:
            look(getattr(value, name), f'{path}.{name}', seen)
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            look(item, f'{path}[{place}]', seen)
    elif isinstance(value, (dict, DotDict)) and value:
        raise TypeError(f'no model fits {path}')


def pages(call, params, items: str):
    """All items of a paged method, a few at a time."""
    cursor = None
    while True:
        answer = call(params(cursor))
        yield answer
        if answer.cursor is None or not getattr(answer, items):
            return
        cursor = answer.cursor


def log_from_the_beginning(convo):
    cursor = ZERO_CURSOR
    while True:
        answer = convo.get_log(models.ChatBskyConvoGetLog.Params(cursor=cursor))
        yield answer
        if not answer.logs:
            return
        cursor = answer.cursor


def read_everything(chat, other: str) -> Counter:
    seen = Counter()
    convo = chat.convo

    lists = models.ChatBskyConvoListConvos.Params
    convos = []
    for answer in pages(convo.list_convos, lambda cursor: lists(limit=PAGE, cursor=cursor), 'convos'):
        look(answer, 'list_convos', seen)
        convos += answer.convos
    requests = models.ChatBskyConvoListConvoRequests.Params
    for answer in pages(convo.list_convo_requests, lambda cursor: requests(limit=PAGE, cursor=cursor), 'requests'):
        look(answer, 'list_convo_requests', seen)

    for one in convos:
        look(convo.get_convo(models.ChatBskyConvoGetConvo.Params(convo_id=one.id)), 'get_convo', seen)

        def messages(cursor, convo_id=one.id):
            return models.ChatBskyConvoGetMessages.Params(convo_id=convo_id, limit=PAGE, cursor=cursor)

        for answer in pages(convo.get_messages, messages, 'messages'):
            look(answer, 'get_messages', seen)

    for answer in log_from_the_beginning(convo):
        look(answer, 'get_log', seen)
    look(convo.get_log(), 'get_log of now', seen)

    members = [other]
    look(
        convo.get_convo_availability(models.ChatBskyConvoGetConvoAvailability.Params(members=members)),
        'get_convo_availability',
        seen,
    )
    look(
        convo.get_convo_for_members(models.ChatBskyConvoGetConvoForMembers.Params(members=members)),
        'get_convo_for_members',
        seen,
    )
    look(convo.get_unread_counts(), 'get_unread_counts', seen)
    look(chat.actor.get_status(), 'get_status', seen)
    return seen


def main() -> None:
    client = Client(os.environ['ATP_SERVICE'])
    client.login(os.environ['ATP_IDENTIFIER'], os.environ['ATP_PASSWORD'])
    seen = read_everything(client.with_bsky_chat_proxy().chat.bsky, os.environ['OTHER'])
    print(json.dumps(seen))


if __name__ == '__main__':
    main()
