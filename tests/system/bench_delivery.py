#!/usr/bin/env python3
"""What exactly_once costs over at_least_once, Kafka to Kafka: both in one run, by turns.

    .venv/bin/python tests/system/bench_delivery.py [ARTICLES [ROUNDS]]

Throughput is over the time from the first record's arrival at the broker to the last one's, the best of the rounds;
processor time is the workers' own. Exit 1 when exactly_once is below the promised 90 % of at_least_once's throughput.
"""

import os
import sys
import tempfile

from broker import Broker
from helpers import articles, kafka
from helpers.accounting import Account
from helpers.configs import kafka_to_kafka
from helpers.instance import Instance

MODES = ("at_least_once", "exactly_once")
LEAST_RATIO = 0.9
PATIENCE_S = 600


def processor_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(broker, source, mode, number, count):
    """Records per second and the workers' processor time for all that is in the topic."""
    def topic(name):
        full = f"{mode}-{number}-{name}"
        broker.create_topic(full, partitions=4, max_message_bytes=30_000_000, message_timestamp_type="LogAppendTime")
        return full

    config, _, found, letters = kafka_to_kafka(broker, topic, delivery=mode, workers=2)
    config["source"]["kafka"].update(topics=[source], group=f"{mode}-{number}")
    with tempfile.TemporaryDirectory() as directory, Instance(directory, **config) as instance, \
            kafka.Bookkeeper(broker.bootstrap, found, letters, Account()) as book:
        book.read_all(count, PATIENCE_S)
        seconds = sum(processor_seconds(pid) for pid in instance.workers().values())
        assert instance.stop() == 0, instance.log_tail()
        summary = instance.summary()
    times = [message.timestamp()[1] for message in book.reader.messages]
    rate = count * 1000 / (max(times) - min(times))
    print(f"{mode:>14} {number}: {rate:8.0f} records/s, {seconds / count * 1e6:6.1f} µs of processor time each, "
          f"{summary['committed']} transactions", flush=True)
    return rate, seconds


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    results = {mode: [] for mode in MODES}
    with Broker(settings={"message.max.bytes": 30_000_000}) as broker:
        broker.create_topic("articles", partitions=4, max_message_bytes=30_000_000)
        kafka.feed(broker.bootstrap, "articles", articles.encode(articles.generated(count)), partitions=4)
        for number in range(rounds):
            for mode in MODES[::1 if number % 2 else -1]:
                results[mode].append(measure(broker, "articles", mode, number, count))
    rates = {mode: max(rate for rate, _ in results[mode]) for mode in MODES}
    spent = {mode: min(seconds for _, seconds in results[mode]) for mode in MODES}
    ratio = rates["exactly_once"] / rates["at_least_once"]
    print(f"throughput of exactly_once / at_least_once: {ratio:.3f} (at least {LEAST_RATIO}); processor time: "
          f"{spent['exactly_once'] / spent['at_least_once']:.3f}")
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
