"""Brokers that are not there, have no such topic, or do not let us: it is told, waits, and goes on by itself."""

import contextlib
import json
import pathlib
import random
import subprocess
import time

import pytest
from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AclPermissionType, AdminClient
from confluent_kafka.admin import ResourcePatternType, ResourceType

from broker import Broker, Unavailable, die_with_parent, free_ports
from helpers import kafka, pages
from helpers.accounting import Account
from helpers.instance import Instance, run
from helpers.waiting import until

USER, PASSWORD = "glosswire", "not-a-secret-here"
COUNT = 60
# How soon librdkafka looks again.
SOON = {"reconnect.backoff.max.ms": "1000", "topic.metadata.refresh.interval.ms": "1000"}
METADATA_IS_NEW_AFTER_S = 4


def payloads(count=COUNT):
    return [json.dumps({"id": f"{number}", "body": f"Ferry {number} sails."}).encode() for number in range(count)]


def logged(instance, *words):
    """Whether one line has all of these words; waits for it."""
    return until(lambda: next((line for line in instance.log() if all(word in json.dumps(line) for word in words)), None),
                 f"a line with {words}")


class SecuredBroker(Broker):
    """Anonymous clients may do everything on `bootstrap`; on `secured` they log in and need ACLs."""

    def __init__(self):
        super().__init__(settings={})
        self.secured_port, = free_ports(1)
        self.settings = {
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},SECURED://127.0.0.1:{self.secured_port},"
                         f"CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port},SECURED://127.0.0.1:{self.secured_port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.secured.plain.sasl.jaas.config":
                f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";',
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS",
        }

    @property
    def secured(self):
        return f"127.0.0.1:{self.secured_port}"

    def client(self, **changes):
        return {"brokers": self.secured, "sasl_mechanism": "PLAIN", "username": USER, "password": PASSWORD,
                "properties": SOON, **changes}

    def _binding(self, kind, name, operation):
        return AclBinding(kind, name, ResourcePatternType.LITERAL, f"User:{USER}", "*", operation, AclPermissionType.ALLOW)

    def allow(self, *what):
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        for future in admin.create_acls([self._binding(*each) for each in what]).values():
            future.result(30)

    def forbid(self, kind, name, operation):
        admin = AdminClient({"bootstrap.servers": self.bootstrap})
        each = AclBindingFilter(kind, name, ResourcePatternType.LITERAL, f"User:{USER}", "*", operation,
                                AclPermissionType.ALLOW)
        for future in admin.delete_acls([each]).values():
            assert future.result(30), "no such ACL"


@pytest.fixture(scope="module")
def secured():
    try:
        node = SecuredBroker()
    except Unavailable as reason:
        pytest.skip(str(reason))
    with node:
        yield node


@pytest.fixture
def names(request):
    prefix = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    return [f"{prefix}.{part}" for part in ("articles", "records", "letters")]


def config_of(client, names, delivery="at_least_once"):
    source, found, letters = names
    return {"delivery": delivery,
            "source": {"kafka": {**client, "topics": [source], "group": source}},
            "sink": {"kafka": {**client, "topic": found}},
            "dead_letters": {"kafka": {**client, "topic": letters}}}


@contextlib.contextmanager
def starting(directory, client, names, **more):
    """An instance that need not become ready."""
    instance = Instance(directory, **config_of(client, names, **more))
    try:
        yield instance.start(ready=False)
    finally:
        instance.kill()


def is_ready(instance):
    return any(line.get("msg") == "ready" for line in instance.log())


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_broker_that_is_down_at_the_start_is_waited_for(tmp_path, names, delivery):
    try:
        node = Broker()
    except Unavailable as reason:
        pytest.skip(str(reason))
    account = Account()
    client = {"brokers": node.bootstrap, "properties": SOON}
    with starting(tmp_path, client, names, delivery=delivery) as instance:
        line = logged(instance, "_ALL_BROKERS_DOWN", "check that `brokers` are right and up")
        assert line["level"] == "error"
        assert not is_ready(instance)
        with node:
            for topic in names:
                node.create_topic(topic, 2)
            fed = kafka.feed(node.bootstrap, names[0], payloads())
            with kafka.Bookkeeper(node.bootstrap, names[1], names[2], account) as book:
                book.read_all(len(fed))
            assert instance.stop() == 0, instance.log_tail()
        # A worker with transactions begins anew when brokers have not answered for half a minute.
        assert delivery == "exactly_once" or instance.summary()["restarts"] == 0
    account.settle(fed)


def allow_all(secured, names):
    """Makes the topics and gives all the rights that an instance needs; the right to write records is returned."""
    source, found, letters = names
    for topic in names:
        secured.create_topic(topic, 2)
    write = (ResourceType.TOPIC, found, AclOperation.WRITE)
    secured.allow((ResourceType.TOPIC, source, AclOperation.READ), (ResourceType.GROUP, source, AclOperation.READ), write,
                  (ResourceType.TOPIC, letters, AclOperation.WRITE),
                  *((ResourceType.TRANSACTIONAL_ID, f"{source}.test.{slot}", operation) for slot in range(2)
                    for operation in (AclOperation.WRITE, AclOperation.DESCRIBE)))
    return write


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_right_that_is_taken_away_stops_it_until_it_is_given_back(secured, tmp_path, names, delivery):
    source, found, letters = names
    write = allow_all(secured, names)
    account = Account()
    with Instance(tmp_path, **config_of(secured.client(), names, delivery=delivery)) as instance, \
            kafka.Bookkeeper(secured.bootstrap, found, letters, account) as book:
        fed = kafka.feed(secured.bootstrap, source, payloads())
        book.read_all(len(fed))
        secured.forbid(*write)
        fed += kafka.feed(secured.bootstrap, source, payloads())
        line = logged(instance, "uthoriz", "allow this user the access")
        assert line["level"] == "error"
        book.poll()
        assert account.distinct < len(fed), "it wrote without being allowed"
        secured.allow(write)
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)
    assert account.redelivered == 0 or delivery == "at_least_once"


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_right_that_was_gone_before_anything_is_sent_is_told(secured, tmp_path, names, delivery):
    """librdkafka has heard of it with the topics' metadata by then, and does not take the message in the first place."""
    source, found, letters = names
    write = allow_all(secured, names)
    account = Account()
    with Instance(tmp_path, **config_of(secured.client(), names, delivery=delivery)) as instance, \
            kafka.Bookkeeper(secured.bootstrap, found, letters, account) as book:
        fed = kafka.feed(secured.bootstrap, source, payloads())
        book.read_all(len(fed))
        secured.forbid(*write)
        time.sleep(METADATA_IS_NEW_AFTER_S)
        fed += kafka.feed(secured.bootstrap, source, payloads())
        assert logged(instance, "uthoriz", "allow this user the access")["level"] == "error"
        secured.allow(write)
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)


def test_a_topic_that_may_not_be_read_is_told(secured, tmp_path, names):
    source, found, letters = names
    for topic in names:
        secured.create_topic(topic, 2)
    read = (ResourceType.TOPIC, source, AclOperation.READ)
    secured.allow((ResourceType.GROUP, source, AclOperation.READ), (ResourceType.TOPIC, found, AclOperation.WRITE),
                  (ResourceType.TOPIC, letters, AclOperation.WRITE))
    fed = kafka.feed(secured.bootstrap, source, payloads())
    account = Account()
    with starting(tmp_path, secured.client(), names) as instance:
        logged(instance, "uthoriz", "allow this user the access")
        secured.allow(read)
        with kafka.Bookkeeper(secured.bootstrap, found, letters, account) as book:
            book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)


def test_messages_that_wait_where_nothing_can_be_read_are_a_stall(secured, tmp_path, names):
    """It sees that the topic has messages, and may not read them: nothing was ever fetched."""
    source, found, letters = names
    for topic in names:
        secured.create_topic(topic, 2)
    secured.allow((ResourceType.GROUP, source, AclOperation.READ), (ResourceType.TOPIC, found, AclOperation.WRITE),
                  (ResourceType.TOPIC, letters, AclOperation.WRITE), (ResourceType.TOPIC, source, AclOperation.DESCRIBE))
    fed = kafka.feed(secured.bootstrap, source, payloads())
    account = Account()
    more = {"watchdog": {"stall": "2s"}, "admin": {"listen": "127.0.0.1:0"}}
    with Instance(tmp_path, **config_of(secured.client(), names), **more) as instance:
        logged(instance, "a worker has work and nothing moves")
        until(lambda: pages.samples(instance)["glosswire_lag", ()] == len(fed), "the metrics to show what waits")
        until(lambda: pages.samples(instance)["glosswire_stalled", ()] > 0, "the metrics to show the stall")
        assert pages.get(instance, "/readyz") == (503, "a worker has work and nothing moves\n")
        secured.allow((ResourceType.TOPIC, source, AclOperation.READ))
        with kafka.Bookkeeper(secured.bootstrap, found, letters, account) as book:
            book.read_all(len(fed))
        until(lambda: pages.get(instance, "/readyz")[0] == 200, "it to be ready again")
        until(lambda: pages.samples(instance)["glosswire_lag", ()] == 0, "the lag to be gone")
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)


def test_a_wrong_password_is_told_and_never_shown(secured, tmp_path, names):
    with starting(tmp_path, secured.client(password="wrong-but-secret"), names) as instance:
        line = logged(instance, "uthentication", "check `sasl_mechanism`, `username` and `password`")
        assert line["level"] == "error"
        assert not is_ready(instance)
        assert "wrong-but-secret" not in instance.log_path.read_text()


def test_commands_log_in_with_properties(secured, tmp_path, names):
    source, found, letters = names
    secured.create_topic(source, 2)
    secured.allow((ResourceType.TOPIC, source, AclOperation.READ), (ResourceType.TOPIC, source, AclOperation.WRITE),
                  (ResourceType.GROUP, "glosswire-scan", AclOperation.READ))
    login = tmp_path / "client.properties"
    login.write_text(f"security.protocol=sasl_plaintext\nsasl.mechanism=PLAIN\nsasl.username={USER}\n"
                     f"sasl.password={PASSWORD}\n")
    articles = tmp_path / "articles.jsonl"
    articles.write_bytes(b"".join(payload + b"\n" for payload in payloads()))
    send = ["send", "-k", secured.secured, "--topic", source, str(articles)]
    assert run(*send, "--timeout", "3").returncode in (1, 4)
    sent = run(*send, "--properties", str(login))
    assert sent.returncode == 0, sent.stderr.decode()
    (tmp_path / "none.positions").write_text("")
    audit = run("audit", "-k", secured.secured, "--in", f"kafka:{source}", "--records", str(tmp_path / "none.positions"),
                "-o", "json", "--properties", str(login), "-X", "client.id=auditor")
    assert (audit.returncode, json.loads(audit.stdout)["missing"]) == (1, COUNT), audit.stderr.decode()


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_what_a_topic_refuses_becomes_a_dead_letter(broker, tmp_path, names, delivery):
    source, found, letters = names
    for topic, most in ((source, 1_000_000), (found, 20_000), (letters, 1_000_000)):
        broker.create_topic(topic, 2, max_message_bytes=most)
    # Random, so that no compression makes it smaller.
    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz ", k=60_000))
    large = json.dumps({"id": "large", "body": noise}).encode()
    account = Account()
    fed = kafka.feed(broker.bootstrap, source, payloads(20) + [large] + payloads(20))
    client = {"brokers": broker.bootstrap, "properties": SOON}
    with starting(tmp_path, client, names, delivery=delivery) as instance, \
            kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
        book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
        (message, headers), = book.dead_letters.values()
    account.settle(fed)
    assert (message.value(), headers["gw-reason"], headers["gw-stage"]) == (large, "output_too_large", "publish")


def test_a_source_topic_that_is_missing_is_told_and_waited_for(broker, tmp_path, names):
    source, found, letters = names
    for topic in (found, letters):
        broker.create_topic(topic, 2)
    account = Account()
    with starting(tmp_path, {"brokers": broker.bootstrap, "properties": SOON}, names) as instance:
        logged(instance, source, "create the topic")
        broker.create_topic(source, 2)
        fed = kafka.feed(broker.bootstrap, source, payloads())
        with kafka.Bookkeeper(broker.bootstrap, found, letters, account) as book:
            book.read_all(len(fed))
        assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)


class SmallBroker(Broker):
    """Its data lies on a disk of its own, which a test can fill."""

    MIB = 96

    def __init__(self):
        super().__init__()
        (self.directory / "disk").mkdir()
        self.settings = {"log.dirs": self.directory / "disk" / "data", "log.segment.bytes": 4 << 20,
                         "log.index.size.max.bytes": 65536}
        self.holder = subprocess.Popen(
            ["unshare", "-rm", "sh", "-c", f"mount -t tmpfs -o size={self.MIB}m tmpfs {self.directory}/disk && echo up && "
             "exec sleep 1000"], stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        if self.holder.stdout.readline() != b"up\n":
            raise Unavailable("no mount namespaces for a small disk")
        self.filler = pathlib.Path(f"/proc/{self.holder.pid}/root{self.directory}/disk/filler")

    def _java(self, main, *arguments):
        whole = [each.replace("server.properties", f"{self.directory}/server.properties") for each in arguments]
        return ["nsenter", "-t", str(self.holder.pid), "-U", "-m", "--preserve-credentials",
                *super()._java(main, *whole)]

    def _format(self):
        super()._format()
        (self.directory / "data").mkdir()  # says that it is done

    def fill(self):
        with open(self.filler, "wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(1 << 16))

    def clear(self):
        self.filler.unlink()

    def close(self):
        super().close()
        self.holder.kill()
        self.holder.wait()


def test_a_broker_whose_disk_is_full_stops_it_until_there_is_room(tmp_path, names):
    try:
        node = SmallBroker()
    except Unavailable as reason:
        pytest.skip(str(reason))
    account = Account()
    with node:
        for topic in names:
            node.create_topic(topic, 2)
        fed = kafka.feed(node.bootstrap, names[0], payloads(3000))
        node.fill()
        with starting(tmp_path, {"brokers": node.bootstrap, "properties": SOON}, names) as instance:
            logged(instance, '"error"')
            until(lambda: node.process.poll() is not None, "the broker to give up, as brokers with one disk do")
            node.clear()
            node.start()
            with kafka.Bookkeeper(node.bootstrap, names[1], names[2], account) as book:
                book.read_all(len(fed))
            assert instance.stop() == 0, instance.log_tail()
    account.settle(fed)
