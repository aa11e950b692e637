"""Topic to topic through two workers on a real broker."""

import json
import time

import pytest

from helpers import kafka, pages, records
from helpers.accounting import RECORD, Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance

# So many articles are fed before the others, so that the kill comes in the middle.
FIRST_PART = 0.4
# GW_KAFKA_ENDS_EVERY_MS, and how old the levels in the metrics may be.
ENDS_ARE_ASKED_FOR_EVERY_S = 3


def test_every_article_becomes_a_record_though_a_worker_is_killed(broker, topics, corpus, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    payloads = [json.dumps(article, ensure_ascii=False).encode() for article in corpus]
    first = int(len(payloads) * FIRST_PART)
    account = Account()
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, payloads[:first])
        book.read_all(first // 2)
        with instance.frozen_worker(1):
            fed += kafka.feed(broker.bootstrap, source, payloads[first:])
            book.read_all(first + 1)
            instance.kill_worker(1)
        book.read_all(len(payloads))
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
        summary = instance.summary()
    account.settle(fed)
    assert account.count(RECORD) == len(payloads)
    assert summary["restarts"] == 1
    by_position = dict(zip(fed, corpus))
    for position, message in book.records.items():
        records.check(records.decode(message.value()), by_position[position])


def test_a_key_and_headers_go_through(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    article = json.dumps({"id": "a", "body": "The ferry sails again."}).encode()
    with Instance(tmp_path, **config), kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        kafka.feed(broker.bootstrap, source, [article, article, None], keys=[b"some key", None, b"gone"])
        book.read_all(3)
        keys = {message.key(): message for message in book.reader.messages}
    assert set(keys) == {b"some key", b"a", b"gone"}
    assert keys[b"gone"].value() is None
    headers = kafka.headers_of(keys[b"some key"])
    assert headers["content-type"] == "application/vnd.msgpack"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_subject"] == "a"


def test_a_feed_may_be_longer_than_its_producers_queue(broker, topics):
    assert len(kafka.feed(broker.bootstrap, topics("articles"), [b"{}"] * 500, queue_messages=20)) == 500


def test_order_is_kept_per_key(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    payloads = [json.dumps({"id": f"{number}", "body": f"Ferry {number} sails. " * (1 + number % 20)}).encode()
                for number in range(400)]
    keys = [f"key-{number % 7}".encode() for number in range(400)]
    with Instance(tmp_path, **config), kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        kafka.feed(broker.bootstrap, source, payloads, keys=keys)
        book.read_all(400)
        by_key = {}
        for message in book.reader.messages:
            by_key.setdefault(message.key(), []).append(int(records.decode(message.value())["id"]))
    assert sorted(by_key) == sorted(set(keys))
    for numbers in by_key.values():
        assert numbers == sorted(numbers)


def test_the_ends_of_transactions_are_no_lag(broker, topics, tmp_path):
    """They have offsets, and are no messages: a topic that was read to its end would seem to have some left."""
    config, source, found, letters = kafka_to_kafka(broker, topics, admin={"listen": "127.0.0.1:0"})
    account = Account()
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        for ending in ("commit_transaction", "abort_transaction"):
            kafka.send_in_transaction(broker.bootstrap, source, ["a", "b"], ending)
        book.read_all(2)
        deadline = time.monotonic() + 2 * ENDS_ARE_ASKED_FOR_EVERY_S
        while time.monotonic() < deadline:
            assert pages.samples(instance)["glosswire_lag", ()] == 0
            time.sleep(0.2)
        assert instance.stop() == 0, instance.log_tail()


def test_several_topics_and_patterns_are_read(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    other = topics("other-1")
    config["source"]["kafka"]["topics"] = [source, "^" + other[:-1].replace(".", "\\.") + ".*"]
    account = Account()
    article = json.dumps({"id": "a", "body": "The ferry sails again."}).encode()
    with Instance(tmp_path, **config), kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, [article]) + kafka.feed(broker.bootstrap, other, [article])
        book.read_all(2)
    account.settle(fed)


@pytest.mark.sanitized
@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_broker_that_dies_and_comes_back_loses_nothing(topics, broker, tmp_path, delivery):
    """Where that takes longer than a transaction may, its worker begins anew."""
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery=delivery)
    account = Account()
    payloads = [json.dumps({"id": f"{number}", "body": f"Ferry {number} sails."}).encode() for number in range(200)]
    with Instance(tmp_path, **config) as instance:
        fed = kafka.feed(broker.bootstrap, source, payloads[:100])
        broker.restart()
        fed += kafka.feed(broker.bootstrap, source, payloads[100:])
        with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
            book.read_all(200)
        assert instance.stop() == 0, instance.log_tail()
        assert delivery == "exactly_once" or instance.summary()["restarts"] == 0
    account.settle(fed)


def test_a_broker_that_stands_still_beyond_the_session_ends_nobody(topics, broker, tmp_path):
    """Members time out, and what they had on its way is fenced by the group when the broker goes on."""
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="at_least_once")
    config["source"]["kafka"]["properties"] = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1500"}
    account, fed = Account(), []
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        for round in range(4):
            payloads = [json.dumps({"id": f"{round}/{number}", "body": f"Ferry {number} sails."}).encode()
                        for number in range(300)]
            fed += kafka.feed(broker.bootstrap, source, payloads)
            # In the middle, while offsets are being committed.
            book.read_all(len(fed) - 200)
            broker.pause()
            time.sleep(8)
            broker.resume()
        book.read_all(len(fed))
        assert instance.process.poll() is None, instance.log_tail()
        # A worker that learns of it while it drains cannot commit any more: what it sent last will be repeated.
        assert instance.stop() in (0, 1), instance.log_tail()
        book.poll()
    account.settle(fed)
