"""Feeders and consumers of examples/, in Python and Node, against the program that dies in between."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from broker import cache_dir
from helpers import articles
from helpers.configs import acked
from helpers.instance import REPOSITORY, Instance
from helpers.waiting import PATIENCE_S, until

EXAMPLES = REPOSITORY / "examples"
PACKAGES = ["zeromq@6.8.0", "@msgpack/msgpack@3.1.3"]
COUNT = 1500


@pytest.fixture(scope="session")
def node_modules():
    """Where Node finds the packages that the examples name; copied there by npm once."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node and npm")
    folder = cache_dir() / "node"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "zeromq").exists():
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            pytest.skip(f"npm could not fetch the packages: {done.stderr[-500:]}")
    return folder / "node_modules"


@pytest.fixture(params=["py", "js"])
def language(request):
    """The command that runs an example, and its environment."""
    if request.param == "py":
        return request.param, [sys.executable], {}
    return request.param, ["node"], {"NODE_PATH": str(request.getfixturevalue("node_modules"))}


class Example:
    """One of the programs; its output goes to a file."""

    def __init__(self, language, name, folder, *arguments):
        suffix, command, environment = language
        self.path = folder / f"{name}.out"
        with open(self.path, "w") as out:
            self.process = subprocess.Popen([*command, str(EXAMPLES / f"{name}.{suffix}"), *arguments], stdout=out,
                                            stdin=subprocess.DEVNULL, env={**os.environ, **environment})

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()

    def lines(self):
        return self.path.read_text().splitlines()


def test_every_article_arrives_though_all_is_killed(language, endpoints, tmp_path):
    source, sink = endpoints(2)
    corpus = list(articles.generated(COUNT))
    fed = tmp_path / "fed.jsonl"
    fed.write_text("".join(json.dumps(article) + "\n" for article in corpus) + '{"id": "bad", "body": 17}\n')
    config = acked(source, sink)
    with Example(language, "acked_consume", tmp_path, sink) as consumer, \
            Instance(tmp_path / "instance", **config) as instance, \
            Example(language, "acked_feed", tmp_path, str(fed), source) as feeder:
        until(lambda: len(consumer.lines()) > COUNT // 10, "the first records")
        os.kill(instance.hub(), signal.SIGKILL)
        until(lambda: len(consumer.lines()) > COUNT // 3, "records after the hub's death")
        instance.kill()
        instance.start()
        assert feeder.process.wait(PATIENCE_S) == 0
        until(lambda: len({line.split()[0] for line in consumer.lines()}) == COUNT, "every record")
    assert feeder.lines() == [f"{COUNT} records, 1 dead letters, 0 skipped"]
    assert sorted(line.split()[0] for line in consumer.lines()) == sorted(article["id"] for article in corpus)


@pytest.mark.parametrize("name", ["acked_feed", "acked_consume"])
@pytest.mark.parametrize("suffix", ["py", "js"])
def test_they_are_short(name, suffix):
    assert len((EXAMPLES / f"{name}.{suffix}").read_text().splitlines()) <= 40
