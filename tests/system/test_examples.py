"""What the README and examples/ tell a newcomer to type."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from helpers import records, zeromq
from helpers.configs import kafka_to_kafka, pull_push
from helpers.instance import REPOSITORY, Instance, binary, run
from helpers.waiting import PATIENCE_S, until

EXAMPLES = REPOSITORY / "examples"
ARTICLES = EXAMPLES / "articles.jsonl"
IDS = [json.loads(line).get("id") for line in ARTICLES.read_text().splitlines()]


def start(*command, **options):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **options)


def test_python_feeds_and_consumes(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink)):
        with start(sys.executable, EXAMPLES / "consume.py", sink) as consumer:
            try:
                fed = subprocess.run([sys.executable, EXAMPLES / "feed.py", source], timeout=PATIENCE_S)
                assert fed.returncode == 0
                heads = [line for line in iter_lines(consumer, len(IDS) + 1) if not line.startswith(" ")]
            finally:
                consumer.kill()
    assert {line.split(":")[0] for line in heads} >= {name for name in IDS if name} | {"hello-1"}


def iter_lines(process, articles):
    """Its lines until so many have told of an article."""
    for line in process.stdout:
        articles -= not line.startswith(" ")
        yield line
        if articles == 0:
            return


@pytest.mark.sanitized
def test_send_and_tail(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink)):
        with start(binary(), "tail", "--from", sink, "--output", "jsonl", "-n", str(len(IDS))) as tail:
            try:
                sent = run("send", "--to", source, str(ARTICLES))
                assert sent.returncode == 0, sent.stderr.decode()
                found = [json.loads(line) for line in tail.stdout]
                assert tail.wait(PATIENCE_S) == 0
            finally:
                tail.kill()
    assert {record["id"] for record in found} >= {name for name in IDS if name}
    for record in found:
        records.check(record)


def test_send_waits_for_answers(endpoints, tmp_path):
    source, sink = endpoints(2)
    bad = tmp_path / "mixed.jsonl"
    bad.write_text('{"id": "good", "body": "The ferry sails again."}\n{"id": "bad", "body": 17}\n')
    config = pull_push(source, sink)
    config["source"]["zeromq"]["pattern"] = "acked"
    with Instance(tmp_path / "instance", **config), zeromq.Puller(sink) as consumer:
        sent = run("send", "--acked", "--to", source, str(bad))
        assert sent.returncode == 1, sent.stderr.decode()
        assert b"1 of them dead letters" in sent.stderr
        headers, payload = until(lambda: consumer.take(100), "the record")
        assert records.decode(payload)["id"] == "good"


def test_send_gives_up_when_nobody_listens(endpoints):
    sent = run("send", "--timeout", "1", "--to", endpoints(1)[0], str(ARTICLES))
    assert sent.returncode == 4
    assert sent.stderr


def test_send_and_tail_with_kafka(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    with Instance(tmp_path, **config):
        sent = run("send", "--kafka", broker.bootstrap, "--topic", source, str(ARTICLES))
        assert sent.returncode == 0, sent.stderr.decode()
        tail = run("tail", "--kafka", broker.bootstrap, "--topic", found, "--beginning", "--output", "jsonl",
                   "-n", str(len(IDS)))
    assert tail.returncode == 0, tail.stderr.decode()
    for line in tail.stdout.splitlines():
        records.check(json.loads(line))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_example_configurations_are_valid(path):
    result = run("check", str(path))
    assert result.returncode == 0, result.stderr.decode()


@pytest.mark.skipif(not shutil.which("cmake") or "GW_BIN" in os.environ and "asan" in os.environ["GW_BIN"],
                    reason="builds and shows the release program")
def test_the_demo_ends_by_itself():
    done = subprocess.run([REPOSITORY / "demo"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-2000:]
    for name in IDS:
        assert not name or name in done.stdout
