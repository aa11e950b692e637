"""What comes out for one article: the same on every way, and the right names in the article this began with."""

import json

import pytest

from helpers import articles, kafka, records, zeromq
from helpers.accounting import Account
from helpers.collector import Collector
from helpers.configs import kafka_to_kafka, pull_push
from helpers.instance import Instance, run

# What an editor finds in the article that this began with: type, name → mentions, links, aliases among others.
SEED_ENTITIES = {
    ("PERSON", "Kim Jong Un"): (7, [], []),
    ("PERSON", "Vladimir Putin"): (4, [], ["Putin"]),
    ("PERSON", "Sergei Shoigu"): (1, [], []),
    ("ORG", "Korean Central News Agency"): (4, [], ["KCNA"]),
    ("ORG", "Reuters"): (1, [], []),
    ("LOC", "North Korea"): (5, ["iso3166-1:KP"], []),
    ("LOC", "South Korea"): (2, ["iso3166-1:KR"], []),
    ("LOC", "Korea"): (1, [], []),
    ("LOC", "Japan"): (1, ["iso3166-1:JP"], []),
    ("LOC", "Russia"): (3, ["iso3166-1:RU"], []),
    ("LOC", "Ukraine"): (1, ["iso3166-1:UA"], []),
    ("LOC", "United States"): (2, ["iso3166-1:US"], ["US"]),
    ("LOC", "Pyongyang"): (3, ["geonames:1871859"], []),
    ("LOC", "Moscow"): (2, ["geonames:524901"], []),
    ("NORP", "North Korean"): (4, ["iso3166-1:KP"], []),
    ("NORP", "Russian"): (2, ["iso3166-1:RU"], []),
    ("NORP", "Japanese"): (1, ["iso3166-1:JP"], []),
    ("EVENT", "World War II"): (1, [], []),
}
SEED_ROLES = {"Vladimir Putin": "Russian President", "Sergei Shoigu": "Russian Defense Minister"}


def annotate(corpus, output="jsonl"):
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in corpus)
    result = run("annotate", "--input", "jsonl", "--output", output, data=lines.encode())
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def test_the_seed_article_is_right_line_by_line():
    path = articles.SHARED / "seed.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    result = run("annotate", "--output", "json", str(path))
    assert result.returncode == 0, result.stderr.decode()
    record = json.loads(result.stdout)
    records.check(record)
    found = {(entity["type"], entity["name"]): (
        len(entity["mentions"]), [f"{link['scheme']}:{link['id']}" for link in entity["links"]],
        [alias for alias in entity["aliases"] if alias in ("Putin", "KCNA", "US")]) for entity in record["entities"]}
    assert found == SEED_ENTITIES
    assert {entity["name"]: entity["role"] for entity in record["entities"] if entity["role"]} == SEED_ROLES
    assert {record["entities"][0]["name"], record["entities"][1]["name"]} == {"Kim Jong Un", "Vladimir Putin"}
    assert record["entities"][record["dateline"]["place"]]["name"] == "Pyongyang"
    assert "2023-08-15" in [value["value"] for value in record["values"]]
    assert len({sentence["score"] for sentence in record["sentences"]}) >= 3


def test_annotate_gives_a_record_for_each_article_in_order(corpus):
    lines = annotate(corpus).splitlines()
    assert len(lines) == len(corpus)
    for line, article in zip(lines, corpus):
        records.check(json.loads(line), article)


def test_targets_come_back_in_order():
    body = "Amara Okafor praised the rescue teams. Jonas Lindqvist called the plan a disgrace."
    targets = [{"start": 39, "end": 54}, {"start": 0, "end": 12}]
    record = json.loads(annotate([{"id": "t", "body": body, "targets": targets}]))
    assert [(target["start"], target["end"]) for target in record["targets"]] == [(39, 54), (0, 12)]
    for target in record["targets"]:
        assert set(target["sentiment"]) == {"score", "label", "confidence"}


def test_the_same_article_gives_the_same_bytes_on_every_way(broker, topics, endpoints, corpus, tmp_path):
    corpus = corpus[:300]
    expected = annotate(corpus, "msgpack")
    ways = {f"zeromq, {workers}": over_zeromq(endpoints, corpus, tmp_path / f"zeromq{workers}", workers)
            for workers in (1, 2)}
    ways["kafka"] = over_kafka(broker, topics, corpus, tmp_path / "kafka")
    for way, by_id in ways.items():
        assert b"".join(by_id[article["id"]] for article in corpus) == expected, way


def over_zeromq(endpoints, corpus, directory, workers):
    source, sink = endpoints(2)
    got = Collector()
    with Instance(directory, **pull_push(source, sink, workers=workers)), zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        feed = zeromq.Feed(feeder, articles.encode(corpus))
        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == len(corpus), "records", meanwhile=feed.pump)
    return {records.decode(payload)["id"]: payload for payload in got.records.values()}


def over_kafka(broker, topics, corpus, directory):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account = Account()
    with Instance(directory, **config), kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        kafka.feed(broker.bootstrap, source, articles.encode(corpus))
        book.read_all(len(corpus))
    return {records.decode(message.value())["id"]: message.value() for message in book.records.values()}
