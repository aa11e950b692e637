#!/usr/bin/env python3
"""Takes records of an acked sink, and answers each when it is done with it (docs/protocol.md).

    pip install pyzmq msgpack
    python3 examples/acked_consume.py tcp://127.0.0.1:5556    # where the sink's `connect` points to
"""

import struct
import sys

import msgpack
import zmq

CREDIT, REMEMBERED = 100, 100_000
socket = zmq.Context().socket(zmq.ROUTER)
socket.bind(sys.argv[1])
greeted = set()
done = {}  # positions whose record was taken, oldest first

while True:
    connection, *frames = socket.recv_multipart()
    if frames[0] == b"HELLO":
        greeted.add(connection)
        socket.send_multipart([connection, b"HELLO", struct.pack(">I", CREDIT)])
        continue
    if connection not in greeted:
        continue  # it was on its way when the connection broke, and comes again after HELLO
    seq, headers, payload = frames
    position = msgpack.unpackb(headers)["gw-position"]
    if position not in done:
        record = msgpack.unpackb(payload)
        # Here a real consumer stores it: once this has been answered, it is not sent again.
        print(record["id"], record["sentiment"]["label"], len(record["entities"]), flush=True)
        done[position] = True
        if len(done) > REMEMBERED:
            del done[next(iter(done))]
    socket.send_multipart([connection, seq, b"\0"])
