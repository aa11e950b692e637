#!/usr/bin/env python3
"""Feeds JSON lines to an acked source, and keeps each article until it is answered (docs/protocol.md).

    pip install pyzmq
    python3 examples/acked_feed.py examples/articles.jsonl tcp://127.0.0.1:5555
"""

import collections
import struct
import sys
import uuid

import zmq

SEQ_WINDOW, SILENCE_MS = 8192, 2000
lines = (line.strip() for line in open(sys.argv[1], "rb"))
socket = zmq.Context().socket(zmq.DEALER)
socket.connect(sys.argv[2])
hello = [b"HELLO", uuid.uuid4().hex.encode()]  # a session of its own
kept, unsent, credit, last = {}, collections.deque(), 0, 0
answers, line = collections.Counter(), next(lines, None)
socket.send_multipart(hello)
while line is not None or kept:
    while line is not None and len(unsent) < credit and last - min(kept, default=last) < SEQ_WINDOW - 1:
        kept[last := last + 1] = line
        unsent.append(last)
        line = next(lines, None)
    while unsent and credit > 0:
        credit, seq = credit - 1, unsent.popleft()
        socket.send_multipart([struct.pack(">Q", seq), b"", kept[seq]])
    while not socket.poll(SILENCE_MS):  # it may have been started again: greet it, and send again after its answer
        socket.send_multipart(hello)
    first, second = socket.recv_multipart()
    if first == b"HELLO":
        credit, unsent = struct.unpack(">I", second)[0], collections.deque(sorted(kept))
    elif kept.get(seq := struct.unpack(">Q", first)[0]) is not None:
        credit += 1
        answers[second[0]] += 1
        unsent.append(seq) if second[0] == 3 else kept.pop(seq)
print(f"{answers[0]} records, {answers[1]} dead letters, {answers[2]} skipped")
