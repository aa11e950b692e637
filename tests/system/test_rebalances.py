"""Partitions that change hands while articles are under way."""

import pytest

from helpers import articles, kafka, pages, zeromq
from helpers.accounting import Account
from helpers.collector import Collector
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance
from helpers.mixed import check_once, mixed_part
from helpers.waiting import until

MODES = ["exactly_once", "at_least_once"]
PART = 500


@pytest.mark.parametrize("mode", MODES)
def test_from_one_worker_to_four_and_back(broker, topics, tmp_path, mode):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery=mode, workers=1)
    # A static member that has gone keeps its partitions for so long.
    config["source"]["kafka"]["properties"] = {"session.timeout.ms": 6000}
    account, fed, running = Account(), [], []
    with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:

        def feed_part(part):
            fed.extend(kafka.feed(broker.bootstrap, source, *mixed_part(part, PART)))
            book.read_all(len(fed) - PART // 2)
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


def handovers(instance, slot):
    """How often the worker's partitions have changed."""
    return sum(line["msg"].startswith("partitions ") and line.get("slot") == slot for line in instance.log())


@pytest.mark.parametrize("mode", MODES)
def test_a_worker_that_is_started_again_takes_its_partitions_back(broker, topics, tmp_path, mode):
    config, source, found, letters = kafka_to_kafka(broker, topics, delivery=mode)
    account = Account()
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        fed = kafka.feed(broker.bootstrap, source, *mixed_part(0, PART))
        book.read_all(PART)
        before = handovers(instance, 0)
        instance.kill_worker(1)
        fed += kafka.feed(broker.bootstrap, source, *mixed_part(1, PART))
        book.read_all(2 * PART)
        assert handovers(instance, 0) == before, "worker 0 was bothered"
        assert instance.stop() == 0, instance.log_tail()
        book.poll()
    account.settle(fed)


def test_partitions_whose_owner_died_between_two_rounds_get_another(broker, topics, endpoints, tmp_path):
    """A worker that dies after it was told to let partitions go, and before the round that gives them to others, comes
    back as a static member to what it was to keep; nobody else would ever ask for that round. It dies here while it
    waits for a consumer that does not answer."""
    source = topics("articles", partitions=6)
    sinks = endpoints(2)

    def instance(number):
        client = {"brokers": broker.bootstrap, "properties": {"session.timeout.ms": 6000}}
        return Instance(tmp_path / f"{number}", instance=f"host-{number}", workers=1, admin={"listen": "127.0.0.1:0"},
                        source={"kafka": {**client, "topics": [source], "group": source}},
                        sink={"zeromq": {"pattern": "acked", "connect": [sinks[number]]}})

    got = Collector()
    with instance(0) as one:
        fed = kafka.feed(broker.bootstrap, source, articles.encode(articles.generated(PART)), partitions=6)
        until(lambda: pages.samples(one)["glosswire_in_flight", ()] > PART // 2, "records to wait for the consumer")
        with instance(1) as two:
            until(lambda: any("before partitions go" in line["msg"] for line in one.log()), "partitions to be asked for")
            one.kill_worker(0)
            with zeromq.AckedConsumer(sinks[0]) as first, zeromq.AckedConsumer(sinks[1]) as second:
                def take_second():
                    message = second.take()
                    while message is not None:
                        got.take(*message)
                        message = second.take()
                zeromq.take_until(first, got.take, lambda: got.account.distinct == PART, "all records",
                                  meanwhile=take_second)
                assert two.stop() == 0, two.log_tail()
                assert one.stop() == 0, one.log_tail()
    got.account.settle(fed)
