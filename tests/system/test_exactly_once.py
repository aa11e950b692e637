"""Kafka to Kafka in transactions: a reader of committed messages sees one outcome of each input, whoever is killed."""

import json
import os
import random
import signal

import pytest

from helpers import kafka, records
from helpers.accounting import DEAD_LETTER, RECORD, SKIPPED, Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance, is_running
from helpers.waiting import until

COUNT = 4000
MODES = ["exactly_once", "at_least_once"]


def mixed(count, first=0):
    """Payloads and keys: mostly articles, and what becomes a dead letter or is passed on as a null value."""
    payloads, keys = [], []
    for number in range(first, first + count):
        article = {"id": f"{number}", "body": f"Ferry {number} of the Kraków line sails. " * (1 + number % 9)}
        payloads.append(None if number % 50 == 7 else
                        b"{broken" if number % 50 == 11 else json.dumps(article).encode())
        keys.append(f"key-{number % 31}".encode())
    return payloads, keys


def check_order(book):
    """Records of one key come in the order of their inputs. Repeats aside."""
    latest = {}
    for message in book.reader.messages:
        if message.topic() != book.dead_letter_topic and message.value() is not None:
            number = int(records.decode(message.value())["id"])
            assert latest.get(message.key(), -1) < number, f"{message.key()}: {number} comes late"
            latest[message.key()] = number


def check_once(book, fed):
    """All of the input has come out, and nothing of it twice."""
    book.poll()
    book.account.settle(fed)
    assert book.account.redelivered == 0
    assert min(book.account.count(outcome) for outcome in (RECORD, DEAD_LETTER)) > 0
    check_order(book)


@pytest.mark.sanitized
def test_killed_workers_repeat_nothing(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery="exactly_once")
    draw, account, fed = random.Random(1), Account(), []
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        for part in range(8):
            fed += kafka.feed(broker.bootstrap, source, *mixed_part(part))
            book.read_all(len(fed) - COUNT // 8 + draw.randrange(COUNT // 8))
            instance.kill_worker(draw.randrange(2))
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 8
        assert instance.summary()["committed"] > 0
        check_once(book, fed)


def mixed_part(part):
    payloads, keys = mixed(COUNT // 8, part * (COUNT // 8))
    return payloads, None, keys


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


@pytest.mark.parametrize("mode", MODES)
def test_from_one_worker_to_four_and_back(broker, topics, tmp_path, mode):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery=mode, workers=1)
    # A static member that has gone keeps its partitions for so long.
    config["source"]["kafka"]["properties"] = {"session.timeout.ms": 6000}
    account, fed, running = Account(), [], []
    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:

        def feed_part(part):
            fed.extend(kafka.feed(broker.bootstrap, source, *mixed_part(part)))
            book.read_all(len(fed) - COUNT // 16)
        try:
            for part in range(4):
                running.append(Instance(tmp_path / str(part), instance=f"host-{part}", **config).start())
                feed_part(part)
            for part in range(4, 7):
                assert running.pop(0).stop() == 0
                feed_part(part)
            book.read_all(len(fed))
            assert running[0].stop() == 0, running[0].log_tail()
        finally:
            for instance in running:
                instance.kill()
        book.poll()
        account.settle(fed)
        if mode == "exactly_once":
            check_once(book, fed)
    print(f"{mode}: {account.redelivered} of {len(fed)} came twice")
