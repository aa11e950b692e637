#!/usr/bin/env python3
"""Faults on purpose: real processes and a real broker, killed, stopped, slowed and cut off at random; then every input
must be accounted for.

    tests/faults/run.py                       three minutes over all pairs
    tests/faults/run.py --minutes 30 --seed 7
    tests/faults/run.py --pair kafka-kafka    one pair; --list names them

The seed is printed: the same seed draws the same faults in the same order (what they hit still depends on timing).
At the end of each pair everything is healed and must drain; then

    in = records + dead letters + skipped, counted here and by `glosswire audit`;
    exactly_once: no input comes out twice for a reader of committed messages;
    records of one key keep their order where that is promised (docs/delivery.md);
    no two records of one input differ;
    no process outgrows its memory, nor grows on and on;
    no reload was refused.

Exits with 0 when all of that holds, with 1 when it does not, with 77 when there is no broker to be had.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system")]

from broker import SKIPPED as NO_BROKER  # noqa: E402  (needs the path above)
from broker import Broker, Unavailable, free_ports  # noqa: E402
from helpers import instance as program  # noqa: E402
from helpers import zeromq  # noqa: E402
from helpers.instance import Instance  # noqa: E402
from helpers.waiting import until  # noqa: E402

import faults  # noqa: E402
import pairs  # noqa: E402
from books import DEAD_LETTER, SKIPPED, Books  # noqa: E402
from memory import Memory  # noqa: E402
from proxy import Proxy  # noqa: E402

RATE = 120
WORKERS = 2
MEMORY = "48MiB"
# After the faults: everything that was fed must come out within this.
DRAIN_S = 240
# Between two faults.
CALM_S = (0.5, 4)
LETTERS = "dead-letters.jsonl"


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


class FaultyBroker(Broker):
    """A broker whose clients under test go through a proxy; `direct` is for the harness itself."""

    def __init__(self):
        super().__init__(settings={})
        self.behind, = free_ports(1)
        self.proxy = Proxy(self.behind)
        self.settings = {
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},PROXIED://127.0.0.1:{self.behind},"
                         f"CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port},PROXIED://127.0.0.1:{self.proxy.port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "group.min.session.timeout.ms": 1000,
        }

    @property
    def proxied(self):
        return f"127.0.0.1:{self.proxy.port}"


class Faulted(Instance):
    """An instance that is told to read its configuration again, the same as before."""

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def refusals(self):
        """What it refused of what it was told: nothing that this harness does is wrong."""
        lines = self.log_path.read_text(errors="replace").splitlines()
        return [line for line in lines if '"msg":"configuration' in line and '"level":"error"' in line]


class Scene:
    """One pair under faults."""

    def __init__(self, directory, config, books, broker, proxies, poison):
        self.config, self.books, self.broker, self.proxies = config, books, broker, proxies
        self.directory = directory
        self.program = program.poisoned() if poison else program.binary()
        self.instance = Faulted(directory / "one", program=self.program, **config)
        self.memory = Memory()

    def start_again(self):
        """As systemd does, which would not try again after a refusal (RestartPreventExitStatus=2 3)."""
        self.instance.start(ready=False)
        until(lambda: self.ended_by_itself() or any(line["msg"] == "starting" for line in self.instance.log()),
              "it to listen to signals")

    @contextlib.contextmanager
    def another_instance(self):
        with Faulted(self.directory / "two", program=self.program, **{**self.config, "instance": "other", "workers": 1}) as other:
            yield other

    def stop(self, instance=None, partly=False):
        """An orderly stop. In the middle of things a poisonous article may end a worker that drains: then not all that
        was taken is finished (exit code 1), and comes again."""
        instance = instance or self.instance
        code = instance.stop()
        assert code == 0 or (partly and code == 1), f"the drain ended with {code}:\n{instance.log_tail()}"

    def watch(self, seconds):
        """Lets time pass and looks at the processes' memory."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, 0.25))
            self.memory.sample(self.instance)
            if self.instance.process.poll() is not None:
                return

    def ended_by_itself(self):
        code = self.instance.process.poll()
        return code is not None and f"the supervisor ended by itself with {code}:\n{self.instance.log_tail()}"


def base_config(directory):
    return {"workers": WORKERS, "memory": MEMORY, "drain_timeout": "20s", "limits": {"message_bytes": "1MiB"},
            "restart": {"min_delay": "50ms", "max_delay": "2s"}, "watchdog": {"cpu": "1s"},
            "dead_letters": {"file": {"path": str(directory / LETTERS)}}}


def kafka_source(broker, topic):
    return {"source": {"kafka": {"brokers": broker.proxied, "topics": [topic], "group": topic,
                                 "properties": {"session.timeout.ms": str(pairs.SESSION_MS),
                                                "heartbeat.interval.ms": "1500",
                                                "reconnect.backoff.max.ms": "1000"}}}}


def kafka_sink(broker, found, letters):
    properties = {"reconnect.backoff.max.ms": "1000"}
    return {"sink": {"kafka": {"brokers": broker.proxied, "topic": found, "properties": properties}},
            "dead_letters": {"kafka": {"brokers": broker.proxied, "topic": letters, "properties": properties}}}


class Pair:
    """What a pair's name stands for: source, sink and delivery."""

    def __init__(self, source, sink, delivery):
        self.source, self.sink, self.delivery = source, sink, delivery

    def weights(self):
        weights = dict(faults.ALWAYS)
        if "kafka" in (self.source, self.sink):
            weights.update(faults.WITH_KAFKA)
        if "acked" in (self.source, self.sink):
            weights.update(faults.WITH_A_HUB)
        if self.source == "kafka" and self.sink == "kafka":
            weights.update(faults.FROM_KAFKA)
        return weights


PAIRS = {
    "kafka-kafka": Pair("kafka", "kafka", "at_least_once"),
    "exactly-once": Pair("kafka", "kafka", "exactly_once"),
    "acked-acked": Pair("acked", "acked", "at_least_once"),
    "kafka-acked": Pair("kafka", "acked", "at_least_once"),
    "acked-kafka": Pair("acked", "kafka", "at_least_once"),
}


class Stage:
    """Sets a pair up, with its topics, proxies, feeder and consumer."""

    def __init__(self, name, pair, broker, seed, directory, poison):
        self.pair, self.broker, self.directory = pair, broker, directory
        self.books = Books()
        self.config = {**base_config(directory), "delivery": pair.delivery}
        self.topics = {part: f"{name}-{seed}-{part}" for part in ("articles", "records", "letters")}
        self.stack = contextlib.ExitStack()
        self.noted = 0  # lines of the dead letters' positions
        self.proxies = [broker.proxy] if "kafka" in (pair.source, pair.sink) else []
        articles = pairs.Articles(seed, tombstones=pair.source == "kafka", poison=poison)
        self.feeder = {"kafka": self.kafka_feeder, "acked": self.acked_feeder}[pair.source](articles)
        self.consumer = {"kafka": self.kafka_consumer, "acked": self.acked_consumer}[pair.sink]()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stack.close()

    def end(self):
        for side in (self.feeder, self.consumer):
            side.end()

    def proxied(self, port):
        proxy = self.stack.enter_context(Proxy(port))
        self.proxies.append(proxy)
        return zeromq.endpoint(proxy.port)

    def kafka_feeder(self, articles):
        self.broker.create_topic(self.topics["articles"], pairs.PARTITIONS)
        self.config.update(kafka_source(self.broker, self.topics["articles"]))
        return pairs.KafkaFeeder(self.books, articles, RATE, self.broker.bootstrap, self.topics["articles"])

    def acked_feeder(self, articles):
        port, = free_ports(1)
        self.config["source"] = {"zeromq": {"pattern": "acked", "bind": [zeromq.endpoint(port)]}}
        return pairs.AckedFeeder(self.books, articles, RATE, self.proxied(port))

    def kafka_consumer(self):
        for part in ("records", "letters"):
            self.broker.create_topic(self.topics[part], pairs.PARTITIONS)
        self.config.update(kafka_sink(self.broker, self.topics["records"], self.topics["letters"]))
        return pairs.KafkaConsumer(self.books, self.broker.bootstrap, self.topics["records"], self.topics["letters"],
                                   keeps_order=self.pair.source == "kafka")

    def acked_consumer(self):
        port, = free_ports(1)
        self.config["sink"] = {"zeromq": {"pattern": "acked", "connect": [self.proxied(port)]}}
        return pairs.AckedConsumer(self.books, zeromq.endpoint(port))

    def note_letters(self):
        """The dead letters of a file that have come since the last look."""
        path = self.directory / (LETTERS + ".positions")
        lines = path.read_text().splitlines() if self.pair.sink == "acked" and path.exists() else []
        for line in lines[self.noted:]:
            position, _, *skipped = line.split("\t")
            if position != "-":
                self.books.came(position, SKIPPED if skipped else DEAD_LETTER)
        self.noted = len(lines)

    def audit(self):
        """`glosswire audit` over the same."""
        sides = ["-k", self.broker.bootstrap] if self.proxies[0] is self.broker.proxy else []
        sides += ["--in", f"kafka:{self.topics['articles']}" if self.pair.source == "kafka" else self.list("fed")]
        if self.pair.sink == "kafka":
            sides += ["--records", f"kafka:{self.topics['records']}", "--dead-letters", f"kafka:{self.topics['letters']}"]
        else:
            sides += ["--records", self.list("found")]
            if (self.directory / LETTERS).exists():
                sides += ["--dead-letters", str(self.directory / LETTERS)]
        once = ["--once"] if self.pair.delivery == "exactly_once" else []
        done = program.run("audit", "-o", "json", *sides, *once)
        assert done.stdout, done.stderr.decode()
        return done.returncode, json.loads(done.stdout)

    def list(self, which):
        """Positions in a file, as a feeder or a consumer notes them."""
        path = self.directory / f"{which}.positions"
        records = (position for position, outcome in self.books.outcomes.items() if outcome == "record"
                   for _ in range(self.books.outputs[position]))
        path.write_text("".join(f"{each}\n" for each in (self.books.inputs if which == "fed" else records)))
        return str(path)


def disturb(scene, pair, draw, seconds):
    """Faults until the time is over; returns how many."""
    weights = pair.weights()
    deadline, count = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        fault = draw.choices(list(weights), list(weights.values()))[0]
        say(f"    {fault.__name__}")
        fault(scene, draw)
        count += 1
        if scene.ended_by_itself():
            raise AssertionError(scene.ended_by_itself())
        scene.watch(draw.uniform(*CALM_S))
    return count


def drain(stage, scene):
    """Waits until everything that was fed has come out, and stops the instance in good order."""
    stage.feeder.stop_feeding()
    until(lambda: alive(stage) and stage.feeder.is_done(), "the feeder's messages to be taken", DRAIN_S)
    if stage.pair.source == "kafka":
        pairs.enter_inputs(stage.books, stage.broker.bootstrap, stage.topics["articles"])

    def all_out():
        stage.note_letters()
        return alive(stage) and not stage.books.missing
    try:
        until(all_out, "every input to come out", DRAIN_S)
    except AssertionError:
        missing = sorted(stage.books.missing)
        raise AssertionError(f"{len(missing)} inputs never came out: {missing[:10]}\n{scene.instance.log_tail()}") from None
    scene.stop()
    stage.note_letters()


def alive(stage):
    for side in (stage.feeder, stage.consumer):
        if side.failure:
            raise AssertionError(f"the test's own {type(side).__name__} failed") from side.failure
    return True


def settle(stage, scene):
    """Everything that must hold at the end; returns what does not."""
    wrong = list(stage.books.mistakes)
    found = stage.books.summary()
    if found["missing"] or found["in"] != found["records"] + found["dead_letters"] + found["skipped"]:
        wrong.append(f"the equation does not hold: {found}")
    if stage.pair.delivery == "exactly_once" and found["redelivered"]:
        wrong.append(f"{found['redelivered']} outputs came twice under exactly_once")
    code, audited = stage.audit()
    differing = {key: (value, audited[key]) for key, value in found.items() if audited[key] != value}
    if code != 0 or differing:
        wrong.append(f"glosswire audit ends with {code}; counted here and there: {differing or 'the same'}")
    wrong += scene.memory.complaints()
    wrong += scene.instance.refusals()[:3]
    say(f"    in {found['in']} = {found['records']} records + {found['dead_letters']} dead letters + "
        f"{found['skipped']} skipped; {found['redelivered']} redelivered; {scene.memory.summary()}")
    return wrong


def try_pair(name, broker, seed, seconds, poison):
    pair, draw = PAIRS[name], random.Random(seed)
    say(f"{name} ({pair.source} to {pair.sink}, {pair.delivery}), seed {seed}, {seconds:.0f} s of faults")
    directory = pathlib.Path(tempfile.mkdtemp(prefix=f"gw-faults-{name}-"))
    with Stage(name, pair, broker, seed, directory, poison) as stage:
        scene = Scene(directory, stage.config, stage.books, broker, stage.proxies, poison)
        try:
            stage.consumer.start()
            with scene.instance:
                stage.feeder.start()
                count = disturb(scene, pair, draw, seconds)
                say(f"    {count} faults; draining")
                drain(stage, scene)
        finally:
            stage.end()
        wrong = settle(stage, scene)
    if wrong:
        say(f"    what it left is in {directory}")
    else:
        shutil.rmtree(directory)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3, help="of faults, over all pairs; drains come on top")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--pair", action="append", choices=PAIRS, help="may be repeated; by default all")
    parser.add_argument("--list", action="store_true", help="name the pairs")
    parser.add_argument("--no-poison", action="store_true", help="no articles that kill their workers")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(PAIRS))
        return 0
    has_poison = not arguments.no_poison and os.access(program.poisoned(), os.X_OK)
    names = arguments.pair or list(PAIRS)
    seed = random.SystemRandom().randrange(1_000_000) if arguments.seed is None else arguments.seed
    say(f"seed {seed}; the program is {program.poisoned() if has_poison else program.binary()}")
    failed = []
    try:
        with FaultyBroker() as broker:
            for number, name in enumerate(names):
                try:
                    wrong = try_pair(name, broker, seed + number, arguments.minutes * 60 / len(names),
                                                has_poison)
                except AssertionError as failure:
                    wrong = [str(failure)]
                for each in wrong:
                    say(f"    WRONG: {each}")
                if wrong:
                    failed.append(name)
    except Unavailable as reason:
        print(f"skipped: {reason}", file=sys.stderr)
        return NO_BROKER
    say(f"failed: {' '.join(failed)}" if failed else "all of it holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
