"""Sessions as strings, with the published atproto package.

Without SESSION it logs in with ATP_SERVICE, ATP_IDENTIFIER and ATP_PASSWORD, and prints the session as a string. With it,
it logs in by that string and prints how many conversations there are.
"""

import os

from atproto import Client


def run() -> None:
    client = Client(os.environ['ATP_SERVICE'])
    session = os.environ.get('SESSION')
    if session is None:
        client.login(os.environ['ATP_IDENTIFIER'], os.environ['ATP_PASSWORD'])
        print(client.export_session_string())
    else:
        client.login(session_string=session)
        print(len(client.with_bsky_chat_proxy().chat.bsky.convo.list_convos().convos))


if __name__ == '__main__':
    run()
