"""Direct messages with the published atproto package: list, resolve, open, send.

Asks the environment who writes to whom, and where:
ATP_SERVICE, ATP_IDENTIFIER, ATP_PASSWORD, CHAT_TO, MESSAGE.
"""

import os
import sys

from atproto import Client, IdResolver, models

ConvoParams = models.ChatBskyConvoGetConvoForMembers.Params
SendInput = models.ChatBskyConvoSendMessage.Data
MessageInput = models.ChatBskyConvoDefs.MessageInput


def print_convos(convos: list[models.ChatBskyConvoDefs.ConvoView]) -> None:
    print(f'Your conversations ({len(convos)}):')
    for convo in convos:
        print(f'- ID: {convo.id} ({", ".join(member.display_name for member in convo.members)})')


def print_convo(convo: models.ChatBskyConvoDefs.ConvoView) -> None:
    print(f'\nConvo ID: {convo.id}\nConvo members:')
    for member in convo.members:
        print(f'- {member.display_name} ({member.did})')


def run() -> None:
    client = Client(os.environ['ATP_SERVICE'])
    client.login(os.environ['ATP_IDENTIFIER'], os.environ['ATP_PASSWORD'])
    convo_methods = client.with_bsky_chat_proxy().chat.bsky.convo

    print_convos(convo_methods.list_convos().convos)

    recipient = IdResolver().handle.resolve(os.environ['CHAT_TO'])
    if recipient is None:
        sys.exit(f'{os.environ["CHAT_TO"]} points to no account')
    convo = convo_methods.get_convo_for_members(ConvoParams(members=[recipient])).convo
    print_convo(convo)

    message = MessageInput(text=os.environ['MESSAGE'])
    convo_methods.send_message(SendInput(convo_id=convo.id, message=message))
    print('\nMessage sent!')


if __name__ == '__main__':
    run()
