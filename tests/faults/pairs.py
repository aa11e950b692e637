"""The pairs of source and sink that faults are tried on: how each is fed, read, and accounted for."""

import json
import random
import struct
import threading
import time
import uuid

import confluent_kafka
import zmq

from helpers import kafka, records, zeromq
from helpers.articles import EVENTS, NAMES, PLACES

from books import DEAD_LETTER, RECORD, SKIPPED

KEYS = 12
PARTITIONS = 6
# One article in so many is malformed, a tombstone (Kafka only), or kills its worker.
MALFORMED_EVERY, TOMBSTONE_EVERY, POISON_EVERY = 60, 75, 400
POISONS = ["poison-crash", "poison-abort", "poison-exit", "poison-hang"]
# A sender lets no seq go out so far above its lowest one without an answer (docs/protocol.md).
SEQ_WINDOW = 8192
SILENCE_S = 2
SESSION_MS = 6000


class Articles:
    """An endless row of articles. Each key's articles carry rising numbers."""

    def __init__(self, seed, tombstones, poison):
        self.draw = random.Random(seed)
        self.tombstones, self.poison = tombstones, poison
        self.number = 0

    def next(self):
        """(key, payload); the payload None is a tombstone."""
        self.number += 1
        number, key = self.number, f"key-{self.draw.randrange(KEYS)}"
        if number % MALFORMED_EVERY == 0:
            return key, b'{"id": "m", "body": 17}'
        if self.tombstones and number % TOMBSTONE_EVERY == 0:
            return key, None
        name = f"{key}/{number}"
        if self.poison and number % POISON_EVERY == POISON_EVERY // 2:
            name = f"{self.draw.choice(POISONS)}-{number}"
        body = " ".join(f"{self.draw.choice(NAMES)} in {self.draw.choice(PLACES)} {self.draw.choice(EVENTS)}."
                        for _ in range(self.draw.randrange(1, 8)))
        return key, json.dumps({"id": name, "body": body}).encode()


class Side(threading.Thread):
    """A feeder or a consumer: steps until it is told to end. A failure of its own is a failure of the test."""

    def __init__(self, books):
        super().__init__(daemon=True)
        self.books = books
        self.ending = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.ending.is_set():
                self.step()
        except Exception as failure:  # noqa: BLE001  (told by whoever asks)
            self.failure = failure
        finally:
            self.close()

    def end(self):
        """Fine for one that was never started."""
        self.ending.set()
        if self.ident is None:
            self.close()
        else:
            self.join(60)

    def close(self):
        pass


class Paced(Side):
    """A feeder of so many articles a second, until stop_feeding(); then it only sees to what it has sent."""

    def __init__(self, books, articles, rate):
        super().__init__(books)
        self.articles, self.rate = articles, rate
        self.allowance, self.then = 0.0, time.monotonic()
        self.feeding = True

    def stop_feeding(self):
        self.feeding = False

    def step(self):
        now = time.monotonic()
        self.allowance = min(self.allowance + (now - self.then) * self.rate, self.rate)
        self.then = now
        while self.feeding and self.allowance >= 1 and self.has_room():
            self.allowance -= 1
            self.feed(*self.articles.next())
        self.work()


class KafkaFeeder(Paced):
    def __init__(self, books, articles, rate, bootstrap, topic):
        super().__init__(books, articles, rate)
        self.producer = confluent_kafka.Producer({
            "bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 5, "log_level": 0,
            "partitioner": "murmur2_random", "message.timeout.ms": 300_000})
        self.topic, self.waiting = topic, 0

    def has_room(self):
        return self.waiting < 2000

    def feed(self, key, payload):
        self.waiting += 1
        self.producer.produce(self.topic, value=payload, key=key, on_delivery=self.delivered)

    def delivered(self, error, message):
        assert error is None, f"the feeder's own message was not delivered: {error}"
        self.waiting -= 1

    def work(self):
        self.producer.poll(0.02)

    def is_done(self):
        return self.waiting == 0


class AckedFeeder(Paced):
    """docs/protocol.md, from the feeder's side."""

    def __init__(self, books, articles, rate, endpoint):
        super().__init__(books, articles, rate)
        self.peer = zeromq.AckedFeeder(endpoint)
        self.heard = time.monotonic()
        self.answers = 0

    def has_room(self):
        lowest = min(self.peer.waiting, default=self.peer.next_seq)
        return self.peer.unanswered < 2000 and self.peer.next_seq - lowest < SEQ_WINDOW

    def feed(self, key, payload):
        self.books.fed(self.peer.send(payload, {"gw-key": key.encode()}))

    def work(self):
        before = len(self.peer.answers), self.peer.credit
        self.peer.pump(20)
        now = time.monotonic()
        if (len(self.peer.answers), self.peer.credit) != before or not self.peer.unanswered:
            self.heard = now
        elif now - self.heard > SILENCE_S:
            self.peer.hello()
            self.heard = now

    def is_done(self):
        return not self.peer.unanswered

    def close(self):
        self.peer.close()


def number_of(record):
    """The number that a key's articles carry, None for those that have none."""
    name = record["id"]
    return int(name.partition("/")[2]) if name.startswith("key-") else None


class KafkaConsumer(Side):
    """Reads committed messages of the topics of records and dead letters."""

    def __init__(self, books, bootstrap, found, letters, keeps_order):
        super().__init__(books)
        self.consumer = confluent_kafka.Consumer({
            "bootstrap.servers": bootstrap, "group.id": f"faults-{uuid.uuid4()}", "auto.offset.reset": "earliest",
            "enable.auto.commit": False, "isolation.level": "read_committed", "log_level": 0,
            "topic.metadata.refresh.interval.ms": 2000, "reconnect.backoff.max.ms": 1000})
        # Assigned by hand: a member of a group that times out would begin anew and take its own repeats for glosswire's.
        self.consumer.assign([confluent_kafka.TopicPartition(topic, partition, 0)
                              for topic in (found, letters) for partition in range(PARTITIONS)])
        self.letters, self.keeps_order = letters, keeps_order

    def step(self):
        for message in self.consumer.consume(num_messages=500, timeout=0.1):
            if message.error() is None:
                self.take(message)

    def take(self, message):
        headers = kafka.headers_of(message)
        position = headers.get("gw-position")
        if "gw-skipped" in headers:
            self.books.came(position, SKIPPED)
        elif message.topic() == self.letters:
            self.books.came(position, DEAD_LETTER)
        else:
            number = number_of(records.decode(message.value())) if self.keeps_order else None
            self.books.came(position, RECORD, message.value(), message.key(), number)

    def close(self):
        self.consumer.close()


class AckedConsumer(Side):
    """docs/protocol.md, from the consumer's side."""

    def __init__(self, books, endpoint):
        super().__init__(books)
        self.peer = zeromq.Peer(zmq.ROUTER, bind=endpoint)
        self.greeted = set()

    def step(self):
        frames = self.peer.receive(100)
        while frames is not None:
            self.take(frames)
            frames = self.peer.receive()

    def take(self, frames):
        identity = frames[0]
        if frames[1] == b"HELLO":
            self.greeted.add(identity)
            self.peer.socket.send_multipart([identity, b"HELLO", struct.pack(">I", zeromq.CREDIT)])
            return
        # What was on its way when a connection came back comes again after its HELLO.
        if identity in self.greeted:
            self.peer.socket.send_multipart([identity, frames[1], b"\0"])
            self.books.came(zeromq.headers_of(frames[2])["gw-position"], RECORD, frames[3])

    def close(self):
        self.peer.close()


def enter_inputs(books, bootstrap, topic):
    """What a topic holds is what went in, whatever the feeder thinks."""
    with kafka.Reader(bootstrap, topic) as reader:
        ends = {}
        for partition in range(PARTITIONS):
            place = confluent_kafka.TopicPartition(topic, partition)
            ends[partition] = reader.consumer.get_watermark_offsets(place, timeout=30)[1]
        reader.read_until(lambda: len(reader.messages) >= sum(ends.values()), "the inputs")
        for message in reader.messages:
            books.fed(kafka.position(topic, message.partition(), message.offset()))
