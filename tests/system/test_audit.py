"""glosswire audit over topics of a real broker."""

import json

import pytest

from helpers import articles, kafka
from helpers.accounting import Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance, run

COUNT = 120


def audit(*arguments):
    done = run("audit", "-o", "json", *arguments)
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def sides(broker, source, found, letters):
    return ["-k", broker.bootstrap, "--in", f"kafka:{source}", "--records", f"kafka:{found}",
            "--dead-letters", f"kafka:{letters}"]


@pytest.mark.sanitized
def test_topics_are_accounted_for(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    payloads = articles.encode(articles.generated(COUNT)) + [b"{", None]
    account = Account()
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        kafka.feed(broker.bootstrap, source, payloads, partitions=4, keys=[b"k"] * len(payloads))
        book.read_all(len(payloads))
        assert instance.stop() == 0, instance.log_tail()
    path = str(tmp_path / "glosswire.yaml")
    for arguments in (["-c", path], sides(broker, source, found, letters),
                      sides(broker, f"^{source[:-1]}.$", found, letters), ["-c", path, "--all"]):
        code, report = audit(*arguments)
        assert (code, report["holds"]) == (0, True), report
        assert [report[key] for key in ("in", "records", "dead_letters", "skipped", "missing", "redelivered")] == \
            [COUNT + 2, COUNT, 1, 1, 0, 0]

    # What nobody took is missing, unless only what the group has committed is asked for.
    lost, = kafka.feed(broker.bootstrap, source, payloads[:1])
    code, report = audit("-c", path, "--all")
    assert (code, report["missing"], report["positions"]["missing"]) == (1, 1, [lost])
    assert audit("-c", path)[0] == 0
    code, report = audit("-c", path, "--all", "--range", "0=0:10,2=5:7")
    assert (code, report["in"], report["missing"]) == (0, 12, 0)


def test_aborted_outputs_do_not_count(broker, topics):
    source, found = topics("articles", 1), topics("records", 1)
    fed = kafka.feed(broker.bootstrap, source, [b"a", b"b"])
    for positions, ending in ((fed[:1], "commit_transaction"), (fed, "abort_transaction")):
        kafka.send_in_transaction(broker.bootstrap, found, positions, ending)
    code, report = audit("-k", broker.bootstrap, "--in", f"kafka:{source}", "--records", f"kafka:{found}", "--once")
    assert (code, report["records"], report["redelivered"]) == (1, 1, 0)
    assert report["positions"]["missing"] == fed[1:]


def test_what_cannot_be_read_is_told(broker, endpoints):
    done = run("audit", "-k", broker.bootstrap, "--in", "kafka:no-such-topic", "--records", "kafka:other")
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"no topic no-such-topic" in done.stderr
