"""SIGHUP: configuration, model and gazetteers are taken anew, worker by worker, and nothing is lost or stops meanwhile."""

import json
import os
import shutil
import signal

import pytest

from helpers import articles, kafka, pages, records, zeromq
from helpers.accounting import Account
from helpers.collector import Collector
from helpers.configs import acked, kafka_to_kafka, pull_push
from helpers.instance import REPOSITORY, Instance
from helpers.waiting import until

COUNT = 400
MODEL = REPOSITORY / "models" / "en-news.gwm"
ARTICLE = json.dumps({"id": "a", "body": "The Quillfeather ferry sails again."}).encode()


def reload(instance, **config):
    """Writes the configuration with these keys changed and tells the supervisor."""
    instance.config.update(config)
    (instance.directory / "glosswire.yaml").write_text(json.dumps(instance.config))
    instance.process.send_signal(signal.SIGHUP)


def said(instance, message):
    return sum(line["msg"] == message for line in instance.log())


def replaced(instance, times=1):
    return lambda: said(instance, "all workers replaced") >= times


def one_record(feeder, consumer):
    feeder.send(ARTICLE)
    return records.decode(until(lambda: consumer.take(100), "a record")[1])


def test_reloads_under_traffic_lose_nothing_from_kafka(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    payloads = articles.encode(articles.generated(COUNT))
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        before = set(instance.workers().values())
        fed = kafka.feed(broker.bootstrap, source, payloads[:COUNT // 2])
        book.read_all(COUNT // 4)
        reload(instance)
        fed += kafka.feed(broker.bootstrap, source, payloads[COUNT // 2:])
        until(replaced(instance), "the workers to be replaced")
        book.read_all(COUNT)
        assert not before & set(instance.workers().values())
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
        assert instance.summary()["restarts"] == 0
    account.settle(fed)


@pytest.mark.sanitized
def test_reloads_under_traffic_lose_nothing_from_feeders(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    with zeromq.AckedConsumer(sink) as consumer, Instance(tmp_path, **acked(source, sink)) as instance, \
            zeromq.AckedFeeder(source) as feeder:
        fed = [feeder.send(payload) for payload in articles.encode(articles.generated(COUNT))]

        def take(done, what):
            zeromq.take_until(consumer, got.take, done, what, meanwhile=feeder.pump)

        take(lambda: got.account.distinct > COUNT // 4, "the first records")
        for times in (1, 2):
            reload(instance)
            take(replaced(instance, times), "the workers to be replaced")
        take(lambda: not feeder.unanswered, "an answer to each")
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 0
    got.account.settle(fed)


def test_a_changed_configuration_and_gazetteer_are_taken(endpoints, tmp_path):
    source, sink = endpoints(2)
    gazetteer = tmp_path / "ships.tsv"
    gazetteer.write_text("Harbourmaster\tORG\tQ1\n")
    config = {**pull_push(source, sink), "workers": 1, "gazetteers": [str(gazetteer)], "admin": {"listen": "127.0.0.1:0"}}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder, zeromq.Puller(sink) as consumer:
        first = one_record(feeder, consumer)
        assert "Quillfeather" not in [entity["name"] for entity in first["entities"] if entity["links"]]
        gazetteer.write_text("Quillfeather\tPRODUCT\tQ2\n")
        reload(instance, record={"body": False})
        until(replaced(instance), "the workers to be replaced")
        second = one_record(feeder, consumer)
        links = {entity["name"]: [link["id"] for link in entity["links"]] for entity in second["entities"]}
        assert links["Quillfeather"] == ["Q2"]
        assert "body" in first["article"] and "body" not in second["article"]
        assert first["meta"]["config_hash"] != second["meta"]["config_hash"]
        until(lambda: said(instance, "admin pages") == 2, "the admin pages to show the new configuration")
        assert pages.samples(instance)["glosswire_instance_reloads_total", ()] == 1
        assert instance.stop() == 0, instance.log_tail()


def test_a_model_file_is_taken_when_it_is_told_and_not_before(endpoints, tmp_path):
    source, sink = endpoints(2)
    model, broken = tmp_path / "model.gwm", tmp_path / "broken.gwm"
    shutil.copy(MODEL, model)
    broken.write_bytes(b"no model")
    config = {**pull_push(source, sink), "workers": 1, "model": str(model)}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder, zeromq.Puller(sink) as consumer:
        model_hash = one_record(feeder, consumer)["meta"]["model_hash"]
        os.replace(broken, model)
        instance.kill_worker(0)
        assert one_record(feeder, consumer)["meta"]["model_hash"] == model_hash, "it started with what was checked"
        reload(instance)
        refusal = until(lambda: next((line for line in instance.log() if line["msg"] == "configuration refused"), None),
                        "the refusal")
        assert str(model) in refusal["detail"]
        assert said(instance, "reload refused; everything goes on as it was") == 1
        assert one_record(feeder, consumer)["meta"]["model_hash"] == model_hash
        shutil.copy(MODEL, broken)
        os.replace(broken, model)
        reload(instance)
        until(replaced(instance), "the workers to be replaced")
        assert one_record(feeder, consumer)["meta"]["model_hash"] == model_hash
        assert instance.stop() == 0, instance.log_tail()


@pytest.mark.parametrize("change, why", [({"surce": {}}, "configuration refused"),
                                         ({"workers": 3}, "configuration not taken: this key needs a restart"),
                                         ({"gazetteers": ["nowhere.tsv"]}, "configuration refused")])
def test_a_configuration_that_is_wrong_changes_nothing(endpoints, tmp_path, change, why):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink, admin={"listen": "127.0.0.1:0"})) as instance, \
            zeromq.Pusher(source) as feeder, zeromq.Puller(sink) as consumer:
        before = instance.workers()
        reload(instance, **change)
        until(lambda: said(instance, why), "the refusal")
        until(lambda: pages.samples(instance)["glosswire_instance_reloads_refused_total", ()] == 1, "it to be counted")
        one_record(feeder, consumer)
        assert instance.workers() == before
        assert instance.stop() == 0, instance.log_tail()


def test_a_configuration_that_does_not_work_is_taken_back(endpoints, tmp_path):
    """Nothing is wrong with it that a check could find: its sink is a folder that is not there."""
    source, = endpoints(1)
    config = {"source": {"zeromq": {"pattern": "pull", "bind": [source]}}, "sink": {"file": {"path": str(tmp_path / "out")}},
              "dead_letters": {"file": {"path": str(tmp_path / "letters")}}}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder:
        second = instance.workers()[1]
        reload(instance, dead_letters={"file": {"path": str(tmp_path / "nowhere" / "letters")}})
        until(lambda: said(instance, "the new configuration does not work; going back to the one before"), "the way back")
        feeder.send(ARTICLE)
        until(lambda: (tmp_path / "out").stat().st_size > 0, "a record")
        until(lambda: len(instance.workers()) == 2, "both workers")
        assert instance.workers()[1] == second, "the other worker has not seen it"
        assert instance.stop() == 0, instance.log_tail()
