"""Articles that kill their worker: everything else goes on, and they end as dead letters."""

import json
import os
import pathlib
import signal

import msgpack
import pytest

from helpers import kafka, pages, zeromq
from helpers.accounting import DEAD_LETTER, RECORD, Account
from helpers.collector import Collector
from helpers.configs import acked, kafka_to_kafka
from helpers.instance import Instance, binary, is_running, poisoned
from helpers.waiting import until

COUNT = 120
QUICK = {"restart": {"min_delay": "10ms", "max_delay": "50ms"}, "watchdog": {"cpu": "300ms"}}


def articles(poisons, count=COUNT):
    """Harmless articles with these poisons spread among them."""
    ids = [f"harmless-{number}" for number in range(count)]
    for number, poison in enumerate(poisons):
        ids.insert((number + 1) * count // (len(poisons) + 1), poison)
    return [json.dumps({"id": name, "body": f"The ferry {name} sails again."}).encode() for name in ids]


def letters_of(instance):
    with open(instance.dead_letter_path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def deaths(instance):
    """What the supervisor has said of each death on an article: (position, consequence)."""
    return [(line["position"], line["consequence"]) for line in instance.log()
            if line["msg"] == "a worker died on an article"]


def run_files(tmp_path, payloads, program=None, **config):
    """Reads a file to its end; returns the instance, the records and the dead letters."""
    source, sink = tmp_path / "articles.jsonl", tmp_path / "records.jsonl"
    source.write_bytes(b"".join(payload + b"\n" for payload in payloads))
    config = {"workers": 1, "source": {"file": {"paths": [str(source)]}}, "sink": {"file": {"path": str(sink)}},
              **QUICK, **config}
    with Instance(tmp_path, program=program or poisoned(), **config) as instance:
        assert instance.wait() == 0, instance.log_tail()
    return instance, [json.loads(line) for line in sink.read_text().splitlines()], letters_of(instance)


@pytest.mark.sanitized
@pytest.mark.parametrize("poison", ["poison-crash", "poison-abort", "poison-exit", "poison-hang"])
def test_an_article_that_kills_its_worker_becomes_a_dead_letter_at_the_second_death(tmp_path, poison):
    instance, records, letters = run_files(tmp_path, articles([poison]))
    assert len({record["id"] for record in records}) == COUNT
    assert [(letter["reason"], json.loads(letter["payload"])["id"]) for letter in letters] == [("crashed", poison)]
    (first, alone), (second, given_up) = deaths(instance)
    assert first == second == letters[0]["position"]
    assert (alone, given_up) == ("it is tried again alone", "it becomes a dead letter")
    assert instance.summary()["restarts"] == 2


def test_the_program_that_people_install_takes_no_poison(tmp_path):
    names = ["poison-crash", "poison-abort", "poison-exit", "poison-kill", "poison-hang", "poison-sleep"]
    instance, records, letters = run_files(tmp_path, articles(names), program=binary())
    assert {record["id"] for record in records} >= set(names) and not letters and not deaths(instance)


def test_a_suspect_that_survives_becomes_a_record(tmp_path):
    once = f"poison-once:{tmp_path}/crashed"
    instance, records, letters = run_files(tmp_path, articles([once]))
    assert {record["id"] for record in records} >= {once} and len({record["id"] for record in records}) == COUNT + 1
    assert not letters
    assert [consequence for _, consequence in deaths(instance)] == ["it is tried again alone"]


def test_kills_from_outside_count_a_fifth(tmp_path):
    instance, records, letters = run_files(tmp_path, articles(["poison-kill"]))
    assert len({record["id"] for record in records}) == COUNT
    assert [letter["reason"] for letter in letters] == ["crashed"]
    consequences = [consequence for _, consequence in deaths(instance)]
    assert consequences == ["nothing yet"] * 4 + ["it is tried again alone"] * 5 + ["it becomes a dead letter"]


def test_a_stopped_worker_is_not_suspect(tmp_path):
    """It is on its article for ever so long, but spends no processor time on it; neither does the supervisor's own kill
    at the end count against the article."""
    source = tmp_path / "articles.jsonl"
    source.write_bytes(articles(["poison-sleep"], 0)[0] + b"\n")
    config = {"workers": 1, "source": {"file": {"paths": [str(source)]}}, "sink": {"file": {"path": str(tmp_path / "r")}},
              **QUICK, "watchdog": {"cpu": "100ms"}, "drain_timeout": "100ms"}
    with Instance(tmp_path, program=poisoned(), **config) as instance:
        os.kill(instance.workers()[0], signal.SIGSTOP)
        instance.process.send_signal(signal.SIGTERM)
        assert instance.wait() == 1
        assert any("took too long" in line["msg"] for line in instance.log())
    assert not deaths(instance)


@pytest.mark.sanitized
@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_poison_from_kafka_costs_nothing_but_itself(broker, topics, tmp_path, delivery):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery=delivery, **QUICK,
                                                    admin={"listen": "127.0.0.1:0"})
    account = Account()
    payloads = articles(["poison-crash-1", "poison-hang-1", "poison-crash-2"])
    with Instance(tmp_path, program=poisoned(), **config) as instance, \
            kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, payloads)
        book.read_all(len(fed))
        shown = pages.samples(instance)
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
    account.settle(fed)
    assert shown["glosswire_crashes_total", ()] == 4 and shown["glosswire_hangs_total", ()] == 2
    assert shown["glosswire_instance_suspects_total", ()] == 3
    assert account.count(DEAD_LETTER) == 3 and account.count(RECORD) == COUNT
    if delivery == "exactly_once":
        assert account.redelivered == 0
    for message, headers in book.dead_letters.values():
        assert headers["gw-reason"] == "crashed"
        assert json.loads(message.value())["id"].startswith("poison-")


@pytest.mark.sanitized
def test_poison_through_the_hub_costs_nothing_but_itself(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    payloads = articles(["poison-crash-1", "poison-hang-1", "poison-crash-2"])
    with zeromq.AckedConsumer(sink) as consumer, \
            Instance(tmp_path, program=poisoned(), dead_letters={"file": {"format": "jsonl"}},
                     **acked(source, sink, **QUICK)) as instance, zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in payloads]
        zeromq.take_until(consumer, got.take, lambda: not feeder.unanswered, "an answer to each", meanwhile=feeder.pump)
        assert instance.stop() == 0, instance.log_tail()
    assert got.account.distinct == COUNT
    letters = letters_of(instance)
    # A letter that was not yet safe when the next poison struck is written again.
    assert {letter["reason"] for letter in letters} == {"crashed"}
    positions = {letter["position"] for letter in letters}
    assert len(positions) == 3 and positions | set(got.records) == set(fed)
    assert sorted(feeder.answers.values()).count(1) == 3
    # A death is counted before the article goes to the next worker: none costs a third one.
    assert len(deaths(instance)) == 6


def processor_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def test_a_worker_that_is_stuck_does_not_outlive_its_supervisor_for_long(tmp_path):
    """Nobody watches it any more, and it sees no lifeline."""
    source, sink = tmp_path / "articles.jsonl", tmp_path / "records.jsonl"
    source.write_bytes(b"".join(payload + b"\n" for payload in articles(["poison-hang"], count=2)))
    config = {"workers": 1, "source": {"file": {"paths": [str(source)]}}, "sink": {"file": {"path": str(sink)}},
              "drain_timeout": "1s", "watchdog": {"cpu": "600s"}}
    with Instance(tmp_path, program=poisoned(), **config) as instance:
        worker = instance.workers()[0]
        until(lambda: processor_s(worker) > 2, "the worker to be stuck")
        instance.kill_supervisor()
        assert is_running(worker)
        until(lambda: not is_running(worker), "the worker to end", 20)
