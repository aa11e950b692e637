"""Two hundred messages that can be no article end as dead letters with their reasons, among articles that go through."""

import itertools
import json

import pytest

from helpers import articles, kafka, malformed, records, zeromq
from helpers.accounting import DEAD_LETTER, RECORD, Account
from helpers.collector import Collector
from helpers.configs import kafka_to_kafka, pull_push
from helpers.instance import Instance

pytestmark = pytest.mark.sanitized


@pytest.fixture(scope="module")
def bad():
    return malformed.messages()


def mixed(bad):
    """(payload, reasons or None): an article after each malformed message."""
    good = articles.encode(articles.generated(len(bad)))
    return list(itertools.chain.from_iterable(zip(bad, ((payload, None) for payload in good))))


def test_from_topic_to_topic(broker, topics, bad, tmp_path):
    config, source, found, letters = kafka_to_kafka(broker, topics)
    account, fed = Account(), mixed(bad)
    with Instance(tmp_path, **config) as instance, kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        positions = kafka.feed(broker.bootstrap, source, [payload for payload, _ in fed])
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        summary = instance.summary()
    assert summary["restarts"] == 0
    assert (summary["records"], summary["dead_letters"]) == (len(bad), len(bad))
    account.settle(positions)
    for position, (payload, reasons) in zip(positions, fed):
        assert account.outcomes[position] == (DEAD_LETTER if reasons else RECORD)
        if reasons:
            message, headers = book.dead_letters[position]
            assert headers["gw-reason"] in reasons, (payload[:60], headers)
            assert headers["gw-stage"] == "decode"
            assert headers["gw-program"].startswith("glosswire/")
            check_original(message.value() or b"", payload, headers)


def check_original(kept, payload, headers):
    """A dead letter carries the original; of what was too large its beginning, and says so."""
    if len(payload) < malformed.TWENTY_MB:
        assert kept == payload
        assert "gw-cut" not in headers
    else:
        assert 0 < len(kept) < len(payload) and payload.startswith(kept)
        assert int(headers["gw-size"]) == len(payload)
        assert headers["gw-cut"]


def test_over_zeromq(endpoints, bad, tmp_path):
    source, sink = endpoints(2)
    fed, got = mixed(bad), Collector()
    with Instance(tmp_path, **pull_push(source, sink)) as instance, zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        feed = zeromq.Feed(feeder, [payload for payload, _ in fed])

        zeromq.take_until(consumer, got.take, lambda: got.account.distinct == len(bad), "the records", meanwhile=feed.pump)
        assert instance.stop() == 0, instance.log_tail()
        summary = instance.summary()
        letters = [json.loads(line) for line in instance.dead_letter_path.read_text().splitlines()]
    assert summary["restarts"] == 0
    # The hub numbers messages as they come, from one feeder in their order.
    by_number = {int(letter["position"].rpartition("/")[2]): letter for letter in letters}
    first = min(by_number)
    assert len(by_number) == len(bad)
    for index, (payload, reasons) in enumerate(fed):
        letter = by_number.get(first + index)
        assert (letter is not None) == (reasons is not None)
        if letter:
            records.validator("dead_letter").validate(letter)
            assert letter["reason"] in reasons, (payload[:60], letter["reason"])
            assert letter["size"] == len(payload)
            assert letter["cut"] == (len(payload) >= malformed.TWENTY_MB)
