"""Feeding and reading topics with confluent-kafka."""

import functools
import uuid

import confluent_kafka
from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from helpers.accounting import DEAD_LETTER, RECORD, SKIPPED
from helpers.waiting import PATIENCE_S, until

MESSAGE_MAX = 30_000_000
# What a consumer hears of a topic that was created a moment ago.
NOT_YET = (confluent_kafka.KafkaError.UNKNOWN_TOPIC_OR_PART, confluent_kafka.KafkaError._UNKNOWN_TOPIC)


def position(topic, partition, offset):
    return f"kafka:{topic}/{partition}/{offset}"


def produce(producer, *arguments, **message):
    """Waits while the producer's queue is full."""
    while True:
        try:
            return producer.produce(*arguments, **message)
        except BufferError:
            producer.poll(0.1)


def feed(bootstrap, topic, payloads, partitions=None, keys=None, headers=None, queue_messages=100_000):
    """Sends messages and returns the position of each, once the broker has them all."""
    producer = confluent_kafka.Producer({"bootstrap.servers": bootstrap, "message.max.bytes": MESSAGE_MAX,
                                         "linger.ms": 5, "enable.idempotence": True,
                                         "queue.buffering.max.kbytes": 1 << 20,
                                         "queue.buffering.max.messages": queue_messages})
    positions = {}

    def delivered(number):
        def note(error, message):
            assert error is None, error
            positions[number] = position(topic, message.partition(), message.offset())
        return note

    for number, payload in enumerate(payloads):
        more = {"partition": number % partitions} if partitions else {}
        produce(producer, topic, value=payload, key=keys[number] if keys else None, headers=headers,
                on_delivery=delivered(number), **more)
        producer.poll(0)
    assert producer.flush(PATIENCE_S) == 0
    return [positions[number] for number in range(len(positions))]


def send_in_transaction(bootstrap, topic, positions, ending):
    """One empty output for each position, in a transaction that ends so: "commit_transaction" or "abort_transaction"."""
    producer = confluent_kafka.Producer({"bootstrap.servers": bootstrap, "transactional.id": str(uuid.uuid4())})
    producer.init_transactions(PATIENCE_S)
    producer.begin_transaction()
    for each in positions:
        producer.produce(topic, value=b"", headers={"gw-position": each})
    assert producer.flush(PATIENCE_S) == 0
    getattr(producer, ending)(PATIENCE_S)


@functools.lru_cache
def admin_of(bootstrap):
    return AdminClient({"bootstrap.servers": bootstrap})


def has_open_transaction(bootstrap, topic):
    """Whether readers of committed messages are held up before the topic's end."""
    admin = admin_of(bootstrap)
    partitions = admin.list_topics(topic).topics[topic].partitions
    asked = {TopicPartition(topic, number): OffsetSpec.latest() for number in partitions}

    def ends(level):
        answers = admin.list_offsets(asked, isolation_level=level)
        return {key.partition: answer.result().offset for key, answer in answers.items()}
    return ends(IsolationLevel.READ_COMMITTED) != ends(IsolationLevel.READ_UNCOMMITTED)


class Reader:
    """A consumer of everything in some topics, from their beginning. Reads committed messages only."""

    def __init__(self, bootstrap, *topics):
        self.consumer = confluent_kafka.Consumer({
            "bootstrap.servers": bootstrap, "group.id": f"reader-{uuid.uuid4()}", "auto.offset.reset": "earliest",
            # A topic that was made a moment ago may be unknown at first.
            "enable.auto.commit": False, "topic.metadata.refresh.interval.ms": 1000,
            "fetch.message.max.bytes": MESSAGE_MAX, "isolation.level": "read_committed"})
        self.consumer.subscribe(list(topics))
        self.messages = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.consumer.close()

    def poll(self, timeout_s=0.1):
        """Takes what is there; returns how many messages that were."""
        taken = self.consumer.consume(num_messages=500, timeout=timeout_s)
        for message in taken:
            if message.error() is None:
                self.messages.append(message)
            else:
                assert message.error().code() in NOT_YET, message.error()
        return len(taken)

    def read_until(self, condition, what, seconds=PATIENCE_S):
        def step():
            self.poll()
            return condition()
        until(step, what, seconds)


def headers_of(message):
    return {name: value.decode() if value is not None else None for name, value in message.headers() or []}


def note(account, message, dead_letter_topic):
    """Enters one message into the account; returns its outcome and headers."""
    headers = headers_of(message)
    if "gw-skipped" in headers:
        outcome = SKIPPED
    elif message.topic() == dead_letter_topic:
        outcome = DEAD_LETTER
    else:
        outcome = RECORD
    account.add(headers.get("gw-position"), outcome, message.value())
    return outcome, headers


class Bookkeeper:
    """Reads the topics of records and dead letters into an account until all inputs have come out."""

    def __init__(self, bootstrap, records, dead_letters, account):
        self.reader = Reader(bootstrap, records, dead_letters)
        self.dead_letter_topic, self.account = dead_letters, account
        self.noted = 0
        self.records, self.dead_letters = {}, {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.reader.consumer.close()

    def poll(self):
        self.reader.poll()
        for message in self.reader.messages[self.noted:]:
            outcome, headers = note(self.account, message, self.dead_letter_topic)
            if outcome == RECORD:
                self.records[headers["gw-position"]] = message
            elif outcome == DEAD_LETTER:
                self.dead_letters[headers["gw-position"]] = (message, headers)
        self.noted = len(self.reader.messages)

    def has_all(self, count):
        """Whether so many distinct inputs have come out."""
        self.poll()
        return self.account.distinct >= count

    def read_all(self, count, seconds=PATIENCE_S):
        until(lambda: self.has_all(count), f"{count} outputs", seconds)
