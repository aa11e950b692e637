"""A sink that takes nothing stops the source; memory stays bounded; flow resumes, and nothing is missing."""

import json

from helpers import articles, kafka, zeromq
from helpers.accounting import Account
from helpers.collector import Collector
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance
from helpers.waiting import steady, until

MIB = 1 << 20
# What one process may use: its `memory` key, and so much for the model, libraries and what malloc keeps.
MEMORY_MIB, OVERHEAD_MIB = 32, 120
SMALL = {"memory": f"{MEMORY_MIB}MiB", "limits": {"message_bytes": "1MiB"}}
# As long as nothing is taken for this time, the source has stopped.
QUIET_S = 3
# More than all queues on the way hold together: memory of hub and workers, socket buffers, queues of the peers.
ARTICLES = 1600


def large_articles():
    """Articles of about 100 KB, each with its own id: annotating one takes less than the share of MEMORY_MIB for it."""
    for number, article in enumerate(articles.generated(ARTICLES)):
        article["body"] = (article["body"] + " ") * (100_000 // len(article["body"]))
        yield json.dumps({**article, "id": f"large-{number}"}, ensure_ascii=False).encode()


def assert_bounded(instance):
    peak = instance.memory()
    print(f"most memory of one process: {peak / MIB:.0f} MiB")
    assert peak < (MEMORY_MIB + OVERHEAD_MIB) * MIB


def test_a_zeromq_consumer_that_does_not_read_stops_the_feeder(endpoints, tmp_path):
    source, sink = endpoints(2)
    got = Collector()
    config = {"source": {"zeromq": {"bind": [source], "high_water": 10}},
              "sink": {"zeromq": {"bind": [sink], "high_water": 10}}, **SMALL}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink, high_water=10) as consumer:
        feed = zeromq.Feed(feeder, large_articles())
        stopped_at = steady(feed.pump, QUIET_S, "the feeder")
        assert 0 < stopped_at < ARTICLES, "the source never stopped"
        assert_bounded(instance)
        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == ARTICLES, "every record",
                          meanwhile=feed.pump, seconds=200)
        assert_bounded(instance)
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 0
    got.account.settle(ARTICLES)


def test_a_kafka_broker_that_stands_still_stops_the_feeder(broker, topics, endpoints, tmp_path):
    source, = endpoints(1)
    found, letters = topics("records"), topics("dead-letters")
    account = Account()
    config = {"source": {"zeromq": {"bind": [source], "high_water": 10}},
              "sink": {"kafka": {"brokers": broker.bootstrap, "topic": found}},
              "dead_letters": {"kafka": {"brokers": broker.bootstrap, "topic": letters}}, **SMALL}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder:
        feed = zeromq.Feed(feeder, large_articles())
        until(lambda: feed.pump() > 20, "the first articles to be taken")
        broker.pause()
        try:
            stopped_at = steady(feed.pump, QUIET_S, "the feeder")
            assert stopped_at < ARTICLES, "the source never stopped"
            assert_bounded(instance)
        finally:
            broker.resume()
        with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
            def all_out():
                feed.pump()
                book.poll()
                return account.distinct == ARTICLES
            until(all_out, "every record", 200)
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 0
    account.settle(ARTICLES)


def test_a_missing_topic_stops_the_source_until_it_is_there(broker, topics, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics, **SMALL)
    missing = found + "-later"
    config["sink"]["kafka"]["topic"] = missing
    account = Account()
    payloads = [payload for payload, _ in zip(large_articles(), range(400))]
    with Instance(tmp_path, **config) as instance:
        fed = kafka.feed(broker.bootstrap, source, payloads)
        steady(lambda: in_flight(instance), QUIET_S, "the workers")
        assert_bounded(instance)
        broker.create_topic(missing, 4, max_message_bytes=30_000_000)
        with kafka.Bookkeeper(broker.bootstrap, missing, letters, account) as book:
            book.read_all(len(fed), 200)
        assert_bounded(instance)
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)


def test_a_stalled_zeromq_consumer_pauses_kafka(broker, topics, endpoints, tmp_path):
    source, sink = topics("articles"), endpoints(1)[0]
    got = Collector()
    config = {"source": {"kafka": {"brokers": broker.bootstrap, "topics": [source], "group": source}},
              "sink": {"zeromq": {"pattern": "acked", "connect": [sink]}}, **SMALL}
    payloads = [payload for payload, _ in zip(large_articles(), range(400))]
    with Instance(tmp_path, **config) as instance:
        fed = kafka.feed(broker.bootstrap, source, payloads)
        steady(lambda: in_flight(instance), QUIET_S, "the workers")
        assert_bounded(instance)
        with zeromq.AckedConsumer(sink) as consumer:
            zeromq.take_until(consumer, got.take, lambda: got.account.distinct == len(fed), "every record", seconds=200)
            assert_bounded(instance)
            assert instance.stop() == 0, instance.log_tail()
    got.account.settle(fed)


def in_flight(instance):
    """Resident memory in steps of a MiB: it grows while messages are taken."""
    return instance.memory() // MIB
