#!/usr/bin/env python3
"""Prints records of a Kafka topic, and loses none: a position is committed when its record has been handled.

    pip install confluent-kafka msgpack
    python3 examples/consume_kafka.py localhost:9092 records
"""

import sys

import msgpack
from confluent_kafka import Consumer

brokers, topic = sys.argv[1:3]
consumer = Consumer({
    "bootstrap.servers": brokers,
    "group.id": "my-consumer",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "isolation.level": "read_committed",   # what exactly_once needs: aborted records are not seen
})
consumer.subscribe([topic])

try:
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            print(message.error(), file=sys.stderr)
            continue
        if message.value() is None:        # a tombstone passed through: this article was deleted
            print(f"{message.key()}: deleted")
        else:
            record = msgpack.unpackb(message.value())
            names = ", ".join(entity["name"] for entity in record["entities"])
            print(f"{record['id']}: {record['sentiment']['label']}; {names}", flush=True)
        consumer.commit(message, asynchronous=False)
finally:
    consumer.close()
