"""Any source goes with any sink."""

import json

import pytest

from helpers import articles, kafka, records, zeromq
from helpers.accounting import DEAD_LETTER, RECORD, SKIPPED, Account
from helpers.collector import Collector
from helpers.instance import Instance

COUNT = 60


def corpus():
    return list(articles.generated(COUNT))


def lines(some):
    return "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in some)


def read_file(account, path, outcome):
    """Enters what FILE.positions says into the account, and returns the parts of FILE that its lines cut."""
    data, start, parts = path.read_bytes(), 0, []
    for line in path.with_name(path.name + ".positions").read_text().splitlines():
        position, end, *skipped = line.split("\t")
        part = data[start:int(end)]
        start = int(end)
        if position != "-":
            parts.append(part)
            account.add(position, SKIPPED if skipped else outcome, part)
    assert start == len(data), "a tail that nobody vouches for"
    return parts


@pytest.mark.sanitized
def test_file_to_file(tmp_path):
    source, sink, letters = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "letters.jsonl"))
    source.write_text(lines(corpus()) + "{\n" + lines(corpus()))
    config = {"workers": 1, "source": {"file": {"paths": [str(source)]}}, "sink": {"file": {"path": str(sink)}},
              "dead_letters": {"file": {"path": str(letters)}}}
    account = Account()
    with Instance(tmp_path / "instance", **config) as instance:
        assert instance.wait() == 0, "it ends with its file"
        instance.start(ready=False)
        assert instance.wait() == 0, "a second run has nothing to do"
    found = [json.loads(part) for part in read_file(account, sink, RECORD)]
    dead = [json.loads(part) for part in read_file(account, letters, DEAD_LETTER)]
    account.settle(2 * COUNT + 1)
    assert account.redelivered == 0
    assert [record["id"] for record in found] == 2 * [article["id"] for article in corpus()]
    assert [letter["reason"] for letter in dead] == ["truncated"]
    for record in found:
        records.check(record)


def test_file_to_file_killed_again_and_again(tmp_path):
    source, sink = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    many = list(articles.generated(3000))
    source.write_text(lines(many))
    config = {"workers": 1, "source": {"file": {"paths": [str(source)]}}, "sink": {"file": {"path": str(sink)}}}
    account = Account()
    for bytes_written in (1, 1_000_000, 3_000_000):
        with Instance(tmp_path / "instance", **config) as instance:
            while instance.process.poll() is None and (not sink.exists() or sink.stat().st_size < bytes_written):
                pass
    with Instance(tmp_path / "instance", **config) as instance:
        assert instance.wait() == 0
    parts = read_file(account, sink, RECORD)
    account.settle(len(many))
    assert {json.loads(part)["id"] for part in parts} == {article["id"] for article in many}


def test_kafka_to_zeromq(broker, topics, endpoints, tmp_path):
    source, sink = topics("articles"), endpoints(1)[0]
    got = Collector()
    config = {"source": {"kafka": {"brokers": broker.bootstrap, "topics": [source], "group": source}},
              "sink": {"zeromq": {"bind": [sink]}}}
    with Instance(tmp_path, **config) as instance, zeromq.Puller(sink) as consumer:
        fed = kafka.feed(broker.bootstrap, source, lines(corpus()).encode().splitlines())
        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == COUNT, "every record")
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)
    got.check(corpus())


def test_zeromq_to_kafka(broker, topics, endpoints, tmp_path):
    source, found, letters = endpoints(1)[0], topics("records"), topics("dead-letters")
    account = Account()
    config = {"source": {"zeromq": {"pattern": "acked", "bind": [source]}},
              "sink": {"kafka": {"brokers": broker.bootstrap, "topic": found}},
              "dead_letters": {"kafka": {"topic": letters}}}
    with Instance(tmp_path, **config) as instance, zeromq.AckedFeeder(source) as feeder, \
            kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = [feeder.send(line) for line in [*lines(corpus()).encode().splitlines(), b"{"]]

        def step():
            feeder.pump(10)
            book.poll()
            return not feeder.unanswered and account.distinct == len(fed)
        zeromq.until(step, "every output")
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)
    assert account.count(DEAD_LETTER) == 1
    for message in book.records.values():
        records.check(records.decode(message.value()))


def test_kafka_to_file(broker, topics, tmp_path):
    source, sink = topics("articles"), tmp_path / "out.msgpack"
    config = {"source": {"kafka": {"brokers": broker.bootstrap, "topics": [source], "group": source}},
              "sink": {"file": {"path": str(sink), "format": "msgpack"}}}
    account = Account()
    with Instance(tmp_path / "instance", **config) as instance:
        fed = kafka.feed(broker.bootstrap, source, lines(corpus()).encode().splitlines())
        positions = sink.with_name(sink.name + ".positions")
        zeromq.until(lambda: positions.exists() and positions.read_text().count("kafka:") == COUNT, "every record")
        assert instance.stop() == 0, instance.log_tail()
    for part in read_file(account, sink, RECORD):
        records.check(records.decode(part))
    account.settle(fed)
