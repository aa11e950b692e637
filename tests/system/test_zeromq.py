"""Peers with pyzmq around two workers and the hub."""

import json
import struct

import pytest
import zmq

from helpers import articles, records, zeromq
from helpers.collector import Collector
from helpers.configs import acked, pull_push
from helpers.instance import Instance
from helpers.waiting import until

FIRST_PART = 0.4


def test_pull_and_push_lose_nothing_when_a_worker_is_killed(endpoints, corpus, tmp_path):
    source, sink = endpoints(2)
    payloads, got = articles.encode(corpus), Collector()
    first = int(len(payloads) * FIRST_PART)
    with Instance(tmp_path, **pull_push(source, sink)) as instance, zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        feed = zeromq.Feed(feeder, payloads[:first])

        def take(count):
            zeromq.take_until(consumer, got.take, lambda: got.account.distinct >= count, f"{count} records",
                              meanwhile=feed.pump)

        take(first)
        with instance.frozen_worker(1):
            # The hub deals to the frozen one as well, up to its credit, and takes it back when it dies.
            feed.add(payloads[first:])
            take(first + 10)
            instance.kill_worker(1)
        take(len(payloads))
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 1
    got.account.settle(len(payloads))
    got.check(corpus)


def test_acked_peers_lose_nothing_when_workers_are_killed(endpoints, corpus, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)) as instance, \
            zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in articles.encode(corpus)]

        def take(count):
            zeromq.take_until(consumer, got.take, lambda: got.account.distinct >= count, f"{count} records",
                              meanwhile=feeder.pump)

        take(len(fed) // 4)
        with instance.frozen_worker(0):
            take(len(fed) // 2)
            instance.kill_worker(0)
        take(len(fed))
        zeromq.take_until(consumer, got.take, lambda: not feeder.unanswered, "every answer", meanwhile=feeder.pump)
        assert set(feeder.answers.values()) == {0}
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)
    got.check(corpus)


def test_an_acked_feeder_hears_of_dead_letters(endpoints, tmp_path):
    source, sink = endpoints(2)
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)) as instance, \
            zeromq.AckedFeeder(source) as feeder:
        feeder.send(b'{"body": "The ferry sails."}')
        feeder.send(b"{")
        zeromq.take_until(consumer, lambda *_: None, lambda: len(feeder.answers) == 2, "two answers",
                          meanwhile=feeder.pump)
        assert feeder.answers == {1: 0, 2: 1}
        letters = [json.loads(line) for line in instance.dead_letter_path.read_text().splitlines()]
    assert [letter["reason"] for letter in letters] == ["truncated"]
    records.validator("dead_letter").validate(letters[0])


def test_an_acked_feeder_that_sends_again_gets_one_record(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)):
        for _ in range(2):
            with zeromq.AckedFeeder(source, session=b"the same") as feeder:
                for number in range(50):
                    feeder.send(json.dumps({"id": f"{number}", "body": "The ferry sails."}).encode())
                zeromq.take_until(consumer, got.take, lambda: len(feeder.answers) == 50, "fifty answers",
                                  meanwhile=feeder.pump)
        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == 50, "fifty records")
    assert got.account.redelivered == 0


def test_every_subscriber_of_pub_gets_numbered_records(endpoints, tmp_path):
    source, sink = endpoints(2)
    config = pull_push(source, sink)
    config["sink"] = {"zeromq": {"pattern": "pub", "bind": [sink], "topic": "news"}}
    with Instance(tmp_path, **config), zeromq.Pusher(source) as feeder, \
            zeromq.Peer(zmq.SUB, connect=sink, subscribe=b"") as one, \
            zeromq.Peer(zmq.SUB, connect=sink, subscribe=b"") as two:
        # A subscription takes a moment; feed until both have heard something.
        heard = {one: [], two: []}

        def listen():
            feeder.try_send(b'{"body": "The ferry sails."}')
            for subscriber, frames in heard.items():
                while message := subscriber.receive(10):
                    frames.append(message)
            return min(map(len, heard.values())) >= 5
        until(listen, "both subscribers to hear")
    for messages in heard.values():
        topics, numbers, headers, payloads = zip(*messages)
        assert set(topics) == {b"news"}
        numbers = [struct.unpack(">Q", number)[0] for number in numbers]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        for payload in payloads:
            records.check(records.decode(payload))


@pytest.mark.sanitized
def test_headers_go_through(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink)), zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        feeder.send(b'{"id": "a", "body": "The ferry sails."}', {"traceparent": b"00-4f-01", "gw-position": b"forged"})
        headers, payload = until(lambda: consumer.take(100), "a record")
    assert headers["traceparent"] == "00-4f-01"
    assert headers["gw-position"].startswith("hub:")
    assert headers["content-type"] == "application/vnd.msgpack"
    assert headers["ce_subject"] == "a"
    records.check(records.decode(payload))
