"""Feeders and consumers with pyzmq, as docs/protocol.md describes the frames."""

import itertools
import struct
import uuid

import msgpack
import zmq

from helpers.waiting import PATIENCE_S, until

CREDIT = 200


def endpoint(port):
    return f"tcp://127.0.0.1:{port}"


class Peer:
    """One socket with a context of its own, closed without lingering."""

    def __init__(self, kind, connect=None, bind=None, **options):
        self.context = zmq.Context()
        self.socket = self.context.socket(kind)
        for name, value in options.items():
            self.socket.setsockopt(getattr(zmq, name.upper()), value)
        if connect:
            self.socket.connect(connect)
        if bind:
            self.socket.bind(bind)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self, linger_ms=0):
        self.context.destroy(linger=linger_ms)

    def receive(self, timeout_ms=0):
        """The next message's frames, or None."""
        return self.socket.recv_multipart() if self.socket.poll(timeout_ms) else None


class Pusher(Peer):
    """Feeds a PULL source; blocks when it takes nothing."""

    def __init__(self, to, high_water=10):
        super().__init__(zmq.PUSH, connect=to, sndhwm=high_water, linger=-1)

    def try_send(self, payload, headers=None):
        """False when it takes nothing now."""
        frames = [payload] if headers is None else [msgpack.packb(headers), payload]
        try:
            self.socket.send_multipart(frames, zmq.NOBLOCK)
            return True
        except zmq.Again:
            return False

    def send(self, payload, headers=None, seconds=PATIENCE_S):
        assert self.socket.poll(seconds * 1000, zmq.POLLOUT), "the source takes nothing"
        assert self.try_send(payload, headers)


class Feed:
    """Feeds payloads through a Pusher as fast as they are taken; more may be added."""

    def __init__(self, feeder, payloads=()):
        self.feeder, self.payloads, self.taken = feeder, iter(payloads), 0
        self.next = None

    def add(self, payloads):
        self.payloads = itertools.chain(self.payloads, payloads)

    def pump(self):
        """Returns how many have been taken so far."""
        if self.next is None:
            self.next = next(self.payloads, None)
        while self.next is not None and self.feeder.try_send(self.next):
            self.taken += 1
            self.next = next(self.payloads, None)
        return self.taken


class Puller(Peer):
    """Consumes from a PUSH sink: (headers, payload)."""

    def __init__(self, of, high_water=1000):
        super().__init__(zmq.PULL, connect=of, rcvhwm=high_water)

    def take(self, timeout_ms=0):
        frames = self.receive(timeout_ms)
        if frames is None:
            return None
        headers, payload = frames
        return headers_of(headers), payload


class AckedFeeder(Peer):
    """Feeds an acked source: keeps every message until it is answered, and sends again after a reconnect."""

    def __init__(self, to, session=None):
        self.session = session or uuid.uuid4().hex.encode()
        super().__init__(zmq.DEALER, connect=to)
        self.to = to
        self.credit = 0
        self.waiting = {}   # seq → frames that were sent and not answered
        self.answers = {}   # seq → status
        self.queue = []     # frames that wait for credit
        self.next_seq = 1
        self.hello()

    def hello(self):
        self.socket.send_multipart([b"HELLO", self.session])

    def reconnect(self):
        """Connects anew, as a feeder does that hears nothing any more."""
        self.socket.close(linger=0)
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.connect(self.to)
        self.credit = 0
        self.hello()

    def send(self, payload, headers=None):
        """Queues a message; returns its position."""
        seq = self.next_seq
        self.next_seq += 1
        self.queue.append((seq, [struct.pack(">Q", seq), msgpack.packb(headers or {}), payload]))
        return f"acked:{self.session.decode()}/{seq}"

    def pump(self, timeout_ms=0):
        """Sends what credit allows and takes answers."""
        while self.queue and self.credit > 0:
            seq, frames = self.queue.pop(0)
            self.waiting[seq] = frames
            self.credit -= 1
            self.socket.send_multipart(frames)
        frames = self.receive(timeout_ms)
        while frames is not None:
            self.answered(frames)
            frames = self.receive()

    def answered(self, frames):
        if frames[0] == b"HELLO":
            self.credit = struct.unpack(">I", frames[1])[0]
            again, self.waiting = self.waiting, {}
            self.queue = sorted(again.items()) + self.queue
            return
        seq, status = struct.unpack(">Q", frames[0])[0], frames[1][0]
        frames = self.waiting.pop(seq, None)
        self.credit += 1
        if status == 3 and frames:
            self.queue.insert(0, (seq, frames))
        elif frames:
            self.answers[seq] = status

    @property
    def unanswered(self):
        return len(self.waiting) + len(self.queue)


class AckedConsumer(Peer):
    """Consumes from an acked sink, which connects to it: (headers, payload). Answers each message when it is taken."""

    def __init__(self, at):
        super().__init__(zmq.ROUTER, bind=at)
        self.sessions = {}  # connection → session

    def take(self, timeout_ms=0):
        frames = self.receive(timeout_ms)
        while frames is not None and frames[1] == b"HELLO":
            self.sessions[frames[0]] = frames[2]
            self.socket.send_multipart([frames[0], b"HELLO", struct.pack(">I", CREDIT)])
            frames = self.receive(timeout_ms)
        if frames is None:
            return None
        identity, seq, headers, payload = frames
        assert identity in self.sessions, "a message before HELLO"
        self.socket.send_multipart([identity, seq, b"\0"])
        return headers_of(headers), payload


def headers_of(frame):
    """The header map: names to text (or bytes where they are no UTF-8)."""
    def text(value):
        try:
            return value.decode() if isinstance(value, bytes) else value
        except UnicodeDecodeError:
            return value
    return {name: text(value) for name, value in msgpack.unpackb(frame).items()} if frame else {}


def take_until(consumer, handle, condition, what, seconds=PATIENCE_S, meanwhile=lambda: None):
    """Hands every message to handle(headers, payload) until condition()."""
    def step():
        meanwhile()
        message = consumer.take(20)
        while message is not None:
            handle(*message)
            meanwhile()
            message = consumer.take()
        return condition()
    until(step, what, seconds)
