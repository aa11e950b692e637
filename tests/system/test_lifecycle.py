"""Starting, stopping and dying: nothing is lost, and nobody is left behind."""

import os
import signal
import time

import pytest
import zmq

from helpers import articles, kafka, zeromq
from helpers.accounting import Account
from helpers.collector import Collector
from helpers.configs import acked, kafka_to_kafka, pull_push
from helpers.instance import Instance, is_running, run
from helpers.records import decode
from helpers.waiting import until

COUNT = 400


def payloads(count=COUNT):
    return articles.encode(articles.generated(count))


@pytest.mark.sanitized
def test_a_drain_finishes_what_was_taken(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with Instance(tmp_path, **pull_push(source, sink)) as instance, zeromq.Pusher(source) as feeder:
        for payload in payloads():
            feeder.send(payload)
        with zeromq.Puller(sink) as consumer:
            zeromq.take_until(consumer, got.take, lambda: got.account.distinct > 10, "the first records")
            instance.children()
            instance.process.send_signal(signal.SIGTERM)
            zeromq.take_until(consumer, got.take, lambda: instance.process.poll() is not None, "the drain")
            assert instance.wait() == 0
            # What the feeder still holds was never taken; all that was has come out.
            zeromq.take_until(consumer, got.take, lambda: not consumer.socket.poll(300), "the last records")
        summary = instance.summary()
    assert summary["abandoned"] == 0
    assert got.account.distinct == summary["records"] == summary["in"] - summary["redelivered"]


def test_a_drained_kafka_instance_goes_on_where_it_was(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        with Instance(tmp_path, **config) as instance:
            fed = kafka.feed(broker.bootstrap, source, payloads())
            book.read_all(COUNT // 4)
            assert instance.stop() == 0, instance.log_tail()
            fed += kafka.feed(broker.bootstrap, source, payloads(50))
            instance.start()
            book.read_all(len(fed))
            assert instance.stop() == 0, instance.log_tail()
        book.poll()
    account.settle(fed)
    assert account.redelivered == 0, "an orderly stop repeats nothing"


@pytest.mark.sanitized
def test_children_end_when_the_supervisor_is_killed(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)) as instance, \
            zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in payloads()]

        def take(done, what):
            zeromq.take_until(consumer, got.take, done, what, meanwhile=feeder.pump)

        take(lambda: got.account.distinct > COUNT // 4, "the first records")
        children = instance.children()
        assert len(children) == 3
        instance.kill_supervisor()
        take(lambda: not any(is_running(pid) for pid in children), "the children to drain and end")
        fed += [feeder.send(payload) for payload in payloads(50)]
        instance.start(ready=False)
        feeder.reconnect()
        take(lambda: got.account.distinct == len(fed) and not feeder.unanswered, "the rest")
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)


def test_killing_everything_loses_nothing(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, payloads())
        book.read_all(COUNT // 4)
        instance.kill()
        instance.start(ready=False)
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
    account.settle(fed)


def test_a_new_start_while_the_former_hub_drains(endpoints, tmp_path):
    """The supervisor dies; its hub cannot drain, because nobody consumes, and a new instance starts at once."""
    source, sink = endpoints(2)
    got = Collector()
    with Instance(tmp_path, **acked(source, sink, drain_timeout="3s")) as instance, zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in payloads()]
        former = instance.hub()
        until(lambda: feeder.pump(10) or feeder.waiting, "the first messages to be sent")
        instance.kill_supervisor()
        instance.start()
        until(lambda: not is_running(former), "the former hub to give up")
        feeder.reconnect()
        with zeromq.AckedConsumer(sink) as consumer:
            zeromq.take_until(consumer, got.take, lambda: got.account.distinct == COUNT and not feeder.unanswered,
                              "every record", meanwhile=feeder.pump)
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)


def test_a_worker_that_keeps_dying_is_started_less_and_less_often(endpoints, tmp_path):
    source, sink = endpoints(2)
    config = pull_push(source, sink, restart={"min_delay": "100ms", "max_delay": "1s"})
    with Instance(tmp_path, **config) as instance:
        for _ in range(5):
            instance.kill_worker(0)
        waits = [line["wait_ms"] for line in instance.log() if line["msg"] == "child will be started again"]
        # The upper limit doubles each time, and the wait lies in its upper half.
        limits = [100, 200, 400, 800, 1000]
        assert len(waits) == len(limits)
        assert all(limit // 2 <= wait <= limit for wait, limit in zip(waits, limits)), waits
        with zeromq.Pusher(source) as feeder, zeromq.Puller(sink) as consumer:
            feeder.send(payloads(1)[0])
            until(lambda: consumer.take(100), "a record after all that")
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 5


@pytest.mark.parametrize("how", (signal.SIGKILL, signal.SIGTERM), ids=("killed", "drained"))
def test_a_hub_that_dies_comes_back(how, endpoints, tmp_path):
    """A hub that drains ends its workers' sources, as that of a supervisor that is gone may do to the next one's workers."""
    source, sink = endpoints(2)
    got = Collector()
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)) as instance, \
            zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in payloads()]

        def take(done, what):
            zeromq.take_until(consumer, got.take, done, what, meanwhile=feeder.pump)

        take(lambda: got.account.distinct > COUNT // 4, "the first records")
        hub = instance.hub()
        os.kill(hub, how)
        take(lambda: instance.hub() not in (None, hub), "another hub")
        feeder.reconnect()
        take(lambda: got.account.distinct == COUNT and not feeder.unanswered, "the rest")
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)


def test_a_stop_right_after_the_start_is_orderly(endpoints, tmp_path):
    source, sink = endpoints(2)
    for wait_s in (0, 0.01, 0.03, 0.1):
        with Instance(tmp_path, **pull_push(source, sink)) as instance:
            instance.stop()
            instance.start(ready=False)
            until(lambda: any(line["msg"] == "starting" for line in instance.log()), "the start")
            time.sleep(wait_s)
            assert instance.stop() == 0, instance.log_tail()


def test_a_second_signal_ends_it_at_once(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink)) as instance, zeromq.Pusher(source) as feeder:
        for payload in payloads(20):
            feeder.send(payload)
        until(lambda: instance.children(), "children")
        started = time.monotonic()
        instance.process.send_signal(signal.SIGTERM)
        until(lambda: any(line["msg"] == "draining" for line in instance.log()), "the drain to begin")
        instance.process.send_signal(signal.SIGTERM)
        instance.wait()
        assert time.monotonic() - started < 30, "less than the drain's timeout"


def test_a_hangup_replaces_the_workers(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with Instance(tmp_path, **pull_push(source, sink)) as instance, zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        before = set(instance.workers().values())
        feed = zeromq.Feed(feeder, payloads())

        instance.process.send_signal(signal.SIGHUP)
        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == COUNT, "every record", meanwhile=feed.pump)
        until(lambda: len(instance.workers()) == 2 and not before & set(instance.workers().values()), "new workers")
        assert instance.stop() == 0, instance.log_tail()
    got.account.settle(COUNT)


def linked(records):
    """How many records link somebody to each id of the desk's gazetteer."""
    found = {}
    for payload in records:
        record = decode(payload)
        for link in {link["id"] for entity in record["entities"] for link in entity["links"] if link["scheme"] == "desk"}:
            found[link] = found.get(link, 0) + 1
    return found


@pytest.mark.sanitized
def test_an_edited_gazetteer_is_in_force_after_a_hangup(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    names = tmp_path / "desk.tsv"
    names.write_text("Amara Okafor\tPERSON\told-id\n")
    article = articles.encode([{"id": str(n), "body": f"Amara Okafor spoke {n} times."} for n in range(3 * COUNT)])
    config = pull_push(source, sink, gazetteers=[str(names)])
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder, zeromq.Puller(sink) as consumer:
        def send(some, done, what):
            feed = zeromq.Feed(feeder, some)
            zeromq.take_until(consumer, got.take, done, what, meanwhile=feed.pump)

        send(article[:COUNT], lambda: got.account.distinct == COUNT, "the first records")
        assert linked(got.records.values()) == {"old-id": COUNT}

        names.write_text("Amara Okafor\tPERSON\n")
        instance.process.send_signal(signal.SIGHUP)
        until(lambda: "configuration refused" in instance.log_tail(), "the mistake to be told")
        assert f"{names}:1: " in instance.log_tail()

        names.write_text("Amara Okafor\tPERSON\tnew-id\n")
        instance.process.send_signal(signal.SIGHUP)
        send(article[COUNT:2 * COUNT], lambda: got.account.distinct == 2 * COUNT, "records in between")
        until(lambda: [line["msg"] for line in instance.log()].count("worker started") == 4, "new workers")
        old = linked(got.records.values())["old-id"]
        send(article[2 * COUNT:], lambda: got.account.distinct == 3 * COUNT, "the last records")
        assert instance.stop() == 0, instance.log_tail()
    found = linked(got.records.values())
    assert found["old-id"] == old and found["old-id"] + found["new-id"] == 3 * COUNT
    assert len({decode(payload)["meta"]["config_hash"] for payload in got.records.values()}) == 2
    got.account.settle(3 * COUNT)


def test_a_wrong_configuration_is_told_and_nothing_starts(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text("workers: many\nsurce: {}\n")
    result = run("run", "-c", str(path))
    assert result.returncode == 3
    text = result.stderr.decode()
    assert f"{path}:1: workers: " in text
    assert f"{path}:2: surce: " in text


def test_a_taken_port_is_told(endpoints, tmp_path):
    source, sink = endpoints(2)
    with zeromq.Peer(zmq.PULL, bind=source):
        instance = Instance(tmp_path, **pull_push(source, sink))
        instance.start(ready=False)
        assert instance.wait() != 0
        assert source.rpartition(":")[2] in instance.log_tail()
