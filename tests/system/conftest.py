"""Fixtures for tests of the whole program: a real broker, free ports, and the program under test."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from broker import Broker, Unavailable, free_ports  # noqa: E402  (needs the path above)
from helpers import articles, instance, zeromq  # noqa: E402


# How often the broker looks for transactions that took too long.
QUICK_TO_ABORT = {"transaction.abort.timed.out.transaction.cleanup.interval.ms": 500}


def pytest_configure(config):
    config.addinivalue_line("markers", "sanitized: run by ./check on the sanitized program, too")


def pytest_collection_modifyitems(items):
    if not os.access(instance.binary(), os.X_OK):
        raise pytest.UsageError(f"{instance.binary()} is not built; cmake --preset release && cmake --build --preset "
                                "release, or set GW_BIN")
    for item in items:
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def broker():
    """One Kafka broker for all tests; each test has topics of its own."""
    try:
        node = Broker(settings={"message.max.bytes": 30_000_000, **QUICK_TO_ABORT})
    except Unavailable as reason:
        pytest.skip(str(reason))
    with node:
        yield node


@pytest.fixture
def topics(broker, request):
    """Makes a topic whose name begins with this test's."""
    prefix = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)

    def make(name, partitions=4, **settings):
        topic = f"{prefix}.{name}"
        broker.create_topic(topic, partitions, max_message_bytes=30_000_000, **settings)
        return topic
    return make


@pytest.fixture
def endpoints():
    """Endpoints that nobody listens on."""
    return lambda count: [zeromq.endpoint(port) for port in free_ports(count)]


@pytest.fixture(params=["real", "generated"])
def corpus(request):
    """All real articles; made-up ones as well, as many where there are no real ones."""
    real = articles.real()
    if request.param == "real":
        return real or pytest.skip(f"no real articles: {articles.SHARED} is not there")
    return list(articles.generated(300 if real else articles.COUNT))
