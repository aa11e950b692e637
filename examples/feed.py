#!/usr/bin/env python3
"""Feeds articles to a glosswire over ZeroMQ.

    pip install pyzmq msgpack
    python3 examples/feed.py                           # to a `glosswire run` without a configuration
    python3 examples/feed.py tcp://10.0.0.7:5555       # to another one's PULL source
"""

import pathlib
import sys

import msgpack
import zmq

endpoint = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5555"
context = zmq.Context()
socket = context.socket(zmq.PUSH)
socket.connect(endpoint)

# An article is a map. Only a body or a title must be there; an id makes its record easy to find again, and what
# glosswire does not know comes back in the record under article.extra.
article = {
    "id": "hello-1",
    "title": "Ministers in Lima praise the ceasefire",
    "body": "Ministers from Peru and Chile met in Lima on Monday. They praised the ceasefire but warned of delays.",
    "published_at": "2024-05-06T10:00:00Z",
    "my_own_field": [1, 2, 3],
}
socket.send(msgpack.packb(article))

# JSON is as good: the first byte tells which of the two it is.
for line in (pathlib.Path(__file__).parent / "articles.jsonl").read_bytes().splitlines():
    socket.send(line)

# Waits until everything has left this process.
socket.close(linger=10_000)
context.term()
