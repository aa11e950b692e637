#!/usr/bin/env python3
"""A real Kafka broker for tests: one KRaft node on loopback, thrown away afterwards.

In Python:

    with Broker() as broker:
        broker.create_topic("articles", partitions=3)
        ... broker.bootstrap is "127.0.0.1:PORT" ...
        broker.kill()       # SIGKILL; broker.start() brings it back with its data, on the same port

Around any command, which finds the broker in GW_TEST_BROKERS:

    python3 tests/system/broker.py run --topic articles:3 -- COMMAND...

It needs Java and Maven (Debian: default-jre-headless, maven). The jars are copied once into $GW_CACHE_DIR/kafka, by
default .cache/kafka in the repository. Where they cannot be had, Unavailable is raised and the command line exits 77,
which ctest takes for "skipped".
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
START_TIMEOUT_S = 90
STOP_TIMEOUT_S = 30
FORMAT_TIMEOUT_S = 60
FETCH_TIMEOUT_S = 600
REQUEST_TIMEOUT_S = 20
HEAP_MIB = 256

HERE = pathlib.Path(__file__).resolve().parent
POM = HERE / "kafka" / "pom.xml"
# A node that lives for minutes gains nothing from the optimising compiler, and the tests share its cores.
JVM = [f"-Xmx{HEAP_MIB}m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:CICompilerCount=1",
       "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]

# Codes of Kafka's protocol, https://kafka.apache.org/protocol
API_CREATE_TOPICS, CREATE_TOPICS_VERSION = 19, 2
ERROR_NONE, ERROR_TOPIC_EXISTS = 0, 36


class Unavailable(Exception):
    """The broker cannot run on this machine; tests that need it skip with this message."""


def cache_dir():
    return pathlib.Path(os.environ.get("GW_CACHE_DIR") or HERE.parents[1] / ".cache").absolute()


def fetch():
    """The folder with the broker's jars; copied there by Maven on the first call, whoever calls first."""
    for program, package in (("java", "default-jre-headless"), ("mvn", "maven")):
        if not shutil.which(program):
            raise Unavailable(f"no `{program}` for the Kafka broker: apt-get install {package}")
    lib = cache_dir() / "kafka" / "lib"
    stamp = lib / "pom.xml"
    lib.parent.mkdir(parents=True, exist_ok=True)
    with open(lib.parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == POM.read_bytes():
            return lib
        shutil.rmtree(lib, ignore_errors=True)
        done = subprocess.run(
            ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=FETCH_TIMEOUT_S)
        if done.returncode != 0:
            raise Unavailable(f"Maven could not fetch the Kafka broker:\n{done.stdout[-2000:]}")
        shutil.copyfile(POM, stamp)
    return lib


def die_with_parent():
    """Runs in the child before exec: a test that is killed takes its broker along."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)


def free_ports(count):
    """Ports that nobody listened on a moment ago."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def receive(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionError("the broker closed the connection")
        data += piece
    return data


def text(value):
    """A string in Kafka's protocol."""
    data = value.encode()
    return struct.pack(">h", len(data)) + data


def request(port, api, version, body):
    """One request to the broker on this port; returns the response's body."""
    correlation = 1
    message = struct.pack(">hhi", api, version, correlation) + text("broker.py") + body
    with socket.create_connection(("127.0.0.1", port), timeout=REQUEST_TIMEOUT_S) as connection:
        connection.sendall(struct.pack(">i", len(message)) + message)
        size, = struct.unpack(">i", receive(connection, 4))
        response = receive(connection, size)
    assert struct.unpack(">i", response[:4])[0] == correlation
    return response[4:]


class Broker:
    """One node. `settings` are added to its server.properties, for instance {"message.max.bytes": 30_000_000}."""

    def __init__(self, directory=None, settings=None):
        self.owns_directory = directory is None
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="gw-kafka-"))
        self.settings = settings or {}
        self.lib = fetch()
        self.port, self.controller_port = free_ports(2)
        self.process = None
        self.log = self.directory / "broker.log"

    @property
    def bootstrap(self):
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *exception):
        self.close()

    def start(self):
        """Starts it, or starts it again after stop() or kill(); returns when it takes requests."""
        if not (self.directory / "data").exists():
            self._format()
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(self._java("kafka.Kafka", "server.properties"), cwd=self.directory,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            preexec_fn=die_with_parent)
        self._wait_until_ready()
        return self

    def stop(self):
        """An orderly end; what clients have sent is kept."""
        self._end(signal.SIGTERM)

    def kill(self):
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def pause(self):
        """SIGSTOP: connections stay open, nothing is answered. Ends with resume()."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def close(self):
        """Ends it and removes its data."""
        self.kill()
        if self.owns_directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def create_topic(self, name, partitions=1, **settings):
        """Creates a topic with these settings (max_message_bytes=… is max.message.bytes); fine if it is there."""
        pairs = [text(key.replace("_", ".")) + text(str(value)) for key, value in settings.items()]
        topic = text(name) + struct.pack(">ihi", partitions, 1, 0) + struct.pack(">i", len(pairs)) + b"".join(pairs)
        body = struct.pack(">i", 1) + topic + struct.pack(">ib", REQUEST_TIMEOUT_S * 1000, 0)
        response = request(self.port, API_CREATE_TOPICS, CREATE_TOPICS_VERSION, body)
        # throttle time, number of topics, name, error code
        code_at = 4 + 4 + 2 + len(name.encode())
        code, = struct.unpack(">h", response[code_at:code_at + 2])
        if code not in (ERROR_NONE, ERROR_TOPIC_EXISTS):
            raise RuntimeError(f"topic {name} was not created: error {code} of Kafka's protocol")

    def _java(self, main, *arguments):
        return ["java", *JVM, "-cp", f"{self.lib}/*", main, *arguments]

    def _format(self):
        properties = {
            "node.id": 1,
            "process.roles": "broker,controller",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "controller.quorum.bootstrap.servers": f"127.0.0.1:{self.controller_port}",
            "log.dirs": self.directory / "data",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 4,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "auto.create.topics.enable": "false",
            **self.settings,
        }
        self.directory.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{key}={value}\n" for key, value in properties.items())
        (self.directory / "server.properties").write_text(lines)
        subprocess.run(self._java("kafka.tools.StorageTool", "format", "--standalone", "--cluster-id",
                                  "Z2xvc3N3aXJlLXRlc3RzLQ", "--config", "server.properties"),
                       cwd=self.directory, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       timeout=FORMAT_TIMEOUT_S)

    def _wait_until_ready(self):
        """Ready is when it can create a topic: then the controller is elected and the broker registered."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"the broker ended with {self.process.returncode}:\n{self._log_tail()}")
            try:
                return self.create_topic("broker-is-ready")
            except (OSError, RuntimeError) as error:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the broker is not ready ({error}):\n{self._log_tail()}") from error
            time.sleep(0.1)

    def _log_tail(self):
        return self.log.read_text(errors="replace")[-3000:]

    def _end(self, how):
        if self.process:
            self.process.send_signal(how)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


def topic_argument(value):
    """NAME or NAME:PARTITIONS"""
    name, _, partitions = value.partition(":")
    return name, int(partitions or 1)


def setting_argument(value):
    key, _, setting = value.partition("=")
    return key, setting


def run(arguments):
    with Broker(settings=dict(arguments.set)) as broker:
        for name, partitions in arguments.topic:
            broker.create_topic(name, partitions)
        environment = {**os.environ, "GW_TEST_BROKERS": broker.bootstrap, "GW_TEST_BROKER_PID": str(broker.pid)}
        return subprocess.run(arguments.command, env=environment).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="which")
    commands.add_parser("fetch", help="copy the jars into the cache")
    runner = commands.add_parser("run", help="run a command beside a broker")
    runner.add_argument("--topic", action="append", default=[], type=topic_argument, metavar="NAME[:PARTITIONS]")
    runner.add_argument("--set", action="append", default=[], type=setting_argument, metavar="KEY=VALUE",
                        help="a line of server.properties")
    runner.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if arguments.which == "fetch":
            print(fetch())
            return 0
        return run(arguments)
    except Unavailable as reason:
        print(f"skipped: {reason}", file=sys.stderr)
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
