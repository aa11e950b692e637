"""glosswire replay over topics of a real broker."""

import pytest

from helpers import kafka
from helpers.accounting import Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance, run

BAD = [b'{"id": "a", "body": 17}', b"\xff\xfe not even text", b"{"]


def read(broker, topic, count):
    with kafka.Reader(broker.bootstrap, topic) as reader:
        reader.read_until(lambda: len(reader.messages) >= count, f"{count} messages")
        return reader.messages


@pytest.mark.sanitized
def test_dead_letters_go_back_as_they_came(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    headers = [("traceparent", b"00-1"), ("empty", b""), ("nothing", None), ("content-type", b"application/json")]
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        kafka.feed(broker.bootstrap, source, BAD, keys=[b"k1", b"\0k2", None], headers=headers)
        book.read_all(len(BAD))
        assert instance.stop() == 0, instance.log_tail()
    path = str(tmp_path / "glosswire.yaml")

    tail = run("tail", "-k", broker.bootstrap, "--topic", letters, "--beginning", "-n", "3", "--color", "never")
    assert tail.returncode == 0, tail.stderr.decode()
    lines = tail.stdout.decode().splitlines()
    assert sorted(line.split(": ")[1] for line in lines) == ["bad_type", "malformed", "truncated"], lines
    assert all(line.startswith("dead letter: ") for line in lines), lines

    first = run("replay", "-c", path)
    assert (first.returncode, first.stderr) == (0, b"3 dead letters replayed\n")
    messages = read(broker, source, 2 * len(BAD))
    assert len(messages) == 2 * len(BAD)
    by_content = {}
    for message in messages:
        by_content.setdefault(message.value(), []).append((message.key(), message.headers()))
    for value in BAD:
        original, again = by_content[value]
        assert again == original

    second = run("replay", "-c", path)
    assert (second.returncode, second.stderr) == (0, b"0 dead letters replayed, 3 replayed before\n")
    assert len(read(broker, source, 2 * len(BAD))) == 2 * len(BAD)

    # Fed again they fail again, as inputs of their own; only those go the next time.
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        book.read_all(2 * len(BAD))
        assert instance.stop() == 0, instance.log_tail()
    other = topics("other")
    third = run("replay", "-c", path, "-k", broker.bootstrap, "--topic", other, "--reason", "truncated")
    assert (third.returncode, third.stderr) == (0, b"1 dead letters replayed, 1 replayed before, 4 left out by --reason\n")
    assert [message.value() for message in read(broker, other, 1)] == [b"{"]


def test_a_topic_that_is_missing_is_told(broker, tmp_path):
    done = run("replay", "-k", broker.bootstrap, "-l", "no-such-topic", "-s", str(tmp_path / "state"))
    assert done.returncode == 4
    assert b"no topic no-such-topic" in done.stderr
