"""The admin pages: what Prometheus, health checks and people see, and that nothing of the main job hangs on them."""

import json
import os
import pathlib
import signal

import pytest

from broker import free_ports
from helpers import articles, zeromq
from helpers.configs import pull_push
from helpers.instance import REPOSITORY, Instance, command_of, is_running
from helpers.pages import get, samples
from helpers.waiting import until

ADMIN = {"admin": {"listen": "127.0.0.1:0"}}


def admin_pid(instance):
    return next((pid for pid, command in instance.children().items() if "admin" in command), None)


def not_ready(instance, why):
    return lambda: get(instance, "/readyz") == (503, why + "\n")


@pytest.mark.sanitized
def test_metrics_are_what_the_reference_names(endpoints, tmp_path):
    source, sink = endpoints(2)
    payloads = articles.encode(articles.generated(20)) + [b"{"]
    with Instance(tmp_path, **pull_push(source, sink), **ADMIN) as instance, zeromq.Pusher(source) as feeder, \
            zeromq.Puller(sink) as consumer:
        for payload in payloads:
            feeder.send(payload)
        got = []
        zeromq.take_until(consumer, lambda *message: got.append(message), lambda: len(got) == 20, "the records")
        until(lambda: samples(instance)["glosswire_dead_letters_total", (("reason", "truncated"),)] == 1, "the letter")
        found = samples(instance)
        assert found["glosswire_in_total", ()] == 21
        assert found["glosswire_records_total", ()] == 20
        assert found["glosswire_up", ()] == 2
        assert found["glosswire_instance_ready", ()] == 1
        assert found["glosswire_hub_received_total", ()] == 21
        reference = (REPOSITORY / "docs" / "reference" / "metrics.md").read_text()
        for name, _ in found:
            assert f"| `{name}` |" in reference
        status = json.loads(get(instance, "/status")[1])
        assert sum(worker["records"] for worker in status["workers"]) == 20
        assert status["ready"] and status["hub"]["received"] == 21
        code, page = get(instance, "/")
        assert code == 200 and "<td>truncated</td><td>1</td>" in page
        assert instance.stop() == 0, instance.log_tail()


def test_readiness_follows_the_processes(endpoints, tmp_path):
    source, sink = endpoints(2)
    config = {**pull_push(source, sink), **ADMIN, "watchdog": {"stall": "300ms"},
              "restart": {"min_delay": "1s", "max_delay": "1s"}}
    with Instance(tmp_path, **config) as instance:
        assert get(instance, "/readyz") == (200, "ready\n")
        assert get(instance, "/healthz") == (200, "alive\n")
        os.kill(instance.workers()[1], signal.SIGKILL)
        until(not_ready(instance, "a worker does not run"), "the page to tell of the dead worker")
        until(lambda: get(instance, "/readyz")[0] == 200, "the worker to be back")
        hub = instance.hub()
        os.kill(hub, signal.SIGKILL)
        until(not_ready(instance, "the hub does not run"), "the page to tell of the dead hub")
        until(lambda: get(instance, "/readyz")[0] == 200, "the hub to be back")
        assert samples(instance)["glosswire_instance_hub_restarts_total", ()] == 1
        with instance.frozen_worker(0):
            until(not_ready(instance, "a worker has work and nothing moves"), "the page to tell of the frozen worker")
        until(lambda: get(instance, "/readyz")[0] == 200, "the worker to go on")
        assert samples(instance)["glosswire_stalls_total", ()] == 1
        assert samples(instance)["glosswire_kills_total", ()] >= 1
        os.kill(instance.process.pid, signal.SIGSTOP)
        # Only the ten seconds are waited out here that tell a supervisor at work from one that is stopped.
        until(lambda: get(instance, "/healthz")[0] == 503, "the page to tell of the stopped supervisor")
        os.kill(instance.process.pid, signal.SIGCONT)
        until(lambda: get(instance, "/healthz")[0] == 200, "the supervisor to go on")
        assert instance.stop() == 0, instance.log_tail()


def test_records_that_nobody_takes_are_a_stall(endpoints, tmp_path):
    source, sink = endpoints(2)
    config = {**pull_push(source, sink), **ADMIN, "watchdog": {"stall": "500ms"}}
    with Instance(tmp_path, **config) as instance, zeromq.Pusher(source) as feeder:
        for payload in articles.encode(articles.generated(5)):
            feeder.send(payload)
        until(not_ready(instance, "a worker has work and nothing moves"), "the page to tell of the stall")
        stalls = [line for line in instance.log() if line["msg"] == "a worker has work and nothing moves"]
        assert stalls and all(line["level"] == "error" for line in stalls)
        got = []
        with zeromq.Puller(sink) as consumer:
            zeromq.take_until(consumer, lambda *message: got.append(message), lambda: len(got) == 5, "the records")
            until(lambda: get(instance, "/readyz")[0] == 200, "it to be ready again")
        assert instance.stop() == 0, instance.log_tail()


def test_a_group_that_cannot_be_joined_is_not_ready(tmp_path):
    nobody = {"brokers": f"127.0.0.1:{free_ports(1)[0]}"}
    instance = Instance(tmp_path, source={"kafka": {**nobody, "topics": ["a"]}}, sink={"kafka": {**nobody, "topic": "b"}},
                        drain_timeout="100ms", **ADMIN)
    try:
        instance.start(ready=False)
        until(not_ready(instance, "a worker is not connected, or has not joined its group"), "the page to say so")
        assert samples(instance)["glosswire_up", ()] == 2
    finally:
        instance.kill()


def test_a_taken_port_stops_nothing(endpoints, tmp_path):
    source, sink = endpoints(2)
    port, = free_ports(1)
    listen = {"admin": {"listen": f"127.0.0.1:{port}"}}
    with Instance(tmp_path / "first", **pull_push(source, sink), **listen) as first:
        other = endpoints(2)
        assert get(first, "/readyz")[0] == 200
        with Instance(tmp_path / "second", **pull_push(*other), **listen) as second:
            refusal = until(lambda: next((line for line in second.log() if line.get("key") == "admin.listen"), None),
                            "the refusal")
            assert f"127.0.0.1:{port}" in refusal["detail"] and refusal["level"] == "error"
            with zeromq.Pusher(other[0]) as feeder, zeromq.Puller(other[1]) as consumer:
                feeder.send(articles.encode(articles.generated(1))[0])
                until(lambda: consumer.take(100), "a record all the same")
            assert first.stop() == 0, first.log_tail()
            assert get(second, "/readyz")[0] == 200, "it takes the port as soon as that is free"
            assert second.stop() == 0, second.log_tail()


def test_the_admin_server_dies_alone(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink), **ADMIN) as instance:
        workers, pid = instance.workers(), admin_pid(instance)
        os.kill(pid, signal.SIGKILL)
        until(lambda: admin_pid(instance) not in (None, pid), "another one")
        until(lambda: get(instance, "/readyz")[0] == 200, "its pages")
        assert instance.workers() == workers
        assert instance.stop() == 0, instance.log_tail()
        assert instance.summary()["restarts"] == 0


def test_the_admin_server_can_write_nothing_and_ends_with_the_supervisor(endpoints, tmp_path):
    source, sink = endpoints(2)
    with Instance(tmp_path, **pull_push(source, sink), **ADMIN) as instance:
        get(instance, "/healthz")
        pid = admin_pid(instance)
        shared = [line for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines() if "counters" in line]
        assert shared and all(line.split()[1] == "r--s" for line in shared)
        instance.kill_supervisor()
        until(lambda: not is_running(pid), "the admin server to end")


def test_off_is_off(endpoints, tmp_path):
    with Instance(tmp_path, **pull_push(*endpoints(2)), admin={"listen": "off"}) as instance:
        assert len(instance.children()) == 3 and not any("admin" in command_of(pid) for pid in instance.children())
        assert instance.stop() == 0, instance.log_tail()
