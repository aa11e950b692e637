"""Kafka to Kafka in transactions: a reader of committed messages sees one outcome of each input, whoever is killed."""

import json
import os
import random
import signal

import pytest

from helpers import kafka
from helpers.accounting import DEAD_LETTER, Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance, is_running
from helpers.mixed import check_once, mixed, mixed_part
from helpers.waiting import until

COUNT = 4000


@pytest.mark.sanitized
def test_killed_workers_repeat_nothing(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once")
    draw, account, fed = random.Random(1), Account(), []
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        for part in range(8):
            fed += kafka.feed(broker.bootstrap, source, *mixed_part(part, COUNT // 8))
            book.read_all(len(fed) - COUNT // 8 + draw.randrange(COUNT // 8))
            instance.kill_worker(draw.randrange(2))
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 8
        assert instance.summary()["committed"] > 0
        check_once(book, fed)


def test_an_instance_that_is_killed_whole_repeats_nothing(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once")
    account = Account()
    payloads, keys = mixed(COUNT)
    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, payloads, keys=keys)
        for part in range(1, 4):
            with Instance(tmp_path, **config, transaction={"messages": 100}) as instance:
                book.read_all(COUNT // 5 * part)
                instance.kill()
        with Instance(tmp_path, **config) as instance:
            book.read_all(COUNT)
            assert instance.stop() == 0, instance.log_tail()
        check_once(book, fed)


def test_a_zombie_is_fenced_and_names_the_key(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once", workers=1)
    account = Account()
    payloads, keys = mixed(COUNT)
    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book, \
            Instance(tmp_path / "old", **config) as old:
        fed = kafka.feed(broker.bootstrap, source, payloads[:COUNT // 2], keys=keys[:COUNT // 2])
        book.read_all(COUNT // 10)
        with old.frozen_worker(0) as zombie:
            with Instance(tmp_path / "new", **config) as new:
                fed += kafka.feed(broker.bootstrap, source, payloads[COUNT // 2:], keys=keys[COUNT // 2:])
                book.read_all(COUNT // 10 * 6)
                os.kill(zombie, signal.SIGCONT)
                until(lambda: not is_running(zombie), "the zombie to end")
                assert old.wait() == 3, old.log_tail()
                book.read_all(COUNT)
                assert new.stop() == 0, new.log_tail()
        assert any("`instance`" in line["msg"] for line in old.log())
        assert old.summary()["fenced"] == 1
        check_once(book, fed)


def test_a_transaction_that_the_brokers_gave_up_is_done_again(broker, topics, tmp_path):
    """A worker that stands still for longer than a transaction may take is fenced, though nobody has its name."""
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once", workers=1,
                                                    transaction={"interval": "1s"})
    config["sink"]["kafka"]["properties"] = {"transaction.timeout.ms": 3000}
    account, fed = Account(), []

    def is_open():
        return kafka.has_open_transaction(broker.bootstrap, found)

    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book, \
            Instance(tmp_path, **config) as instance:
        fenced = False
        while not fenced:
            payloads, keys = mixed(100, len(fed))
            fed += kafka.feed(broker.bootstrap, source, payloads, keys=keys)
            until(lambda: is_open() or book.has_all(len(fed)), "a transaction")
            with instance.frozen_worker(0) as pid:
                fenced = is_open()
                until(lambda: not is_open(), "the broker to end it")
        until(lambda: not is_running(pid), "the worker to be fenced")
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["fenced"] == 1
        check_once(book, fed)


def test_records_that_the_brokers_refuse_are_dead_letters_once(broker, topics, tmp_path):
    """A refusal fails the whole transaction: what was learnt of it must outlive the abort."""
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once")
    config["sink"]["kafka"]["topic"] = found + ".small"
    broker.create_topic(found + ".small", 2, max_message_bytes=500_000)
    account = Account()
    # Noise, since the limit is on what is left of a record when it has been compressed.
    payloads = [json.dumps({"id": f"{number}", "body": f"Ferry {number} sails.",
                            "noise": random.Random(number).randbytes(350_000 if number % 10 == 3 else 10).hex()}).encode()
                for number in range(100)]
    with Instance(tmp_path, **config) as instance, \
            kafka.Bookkeeper(broker.bootstrap, found + ".small", letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, payloads)
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
        summary = instance.summary()
    account.settle(fed)
    assert account.redelivered == 0
    assert account.count(DEAD_LETTER) == 10
    assert {headers["gw-reason"] for _, headers in book.dead_letters.values()} == {"output_too_large"}
    assert summary["aborted"] > 0
