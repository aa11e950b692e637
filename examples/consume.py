#!/usr/bin/env python3
"""Prints records of a glosswire as they come, over ZeroMQ.

    pip install pyzmq msgpack
    python3 examples/consume.py                        # a `glosswire run` without a configuration
    python3 examples/consume.py tcp://10.0.0.7:5556    # another one's PUSH sink
"""

import sys

import msgpack
import zmq

endpoint = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556"
socket = zmq.Context().socket(zmq.PULL)
socket.connect(endpoint)

while True:
    # Two frames: a map of headers (where the article was, content type, …) and the record. Both are MessagePack.
    headers, payload = socket.recv_multipart()
    record = msgpack.unpackb(payload)

    sentiment = record["sentiment"]
    print(f"{record['id']}: {sentiment['label']} ({sentiment['score']:+.2f})", flush=True)

    for entity in record["entities"]:
        print(f"    {entity['type']:8} {entity['name']}  {entity['sentiment']['score']:+.2f}")

    # Spans count code points, as Python does, so that they cut the text just so.
    body = record["article"]["body"]
    for marker in record["markers"]:
        if marker.get("field", "body") == "body":
            assert body[marker["start"]:marker["end"]] == marker["text"]
