"""One running glosswire: its configuration, its processes, and what it logs."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess

from broker import die_with_parent
from helpers.waiting import PATIENCE_S, until

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def binary():
    return os.environ.get("GW_BIN") or str(REPOSITORY / "build" / "glosswire")


def poisoned():
    """The same program, but articles with certain ids kill its workers (run/poison.h)."""
    path = f"{binary()}-poisoned"
    assert os.access(path, os.X_OK), f"{path} is not built; configure with -DGW_POISON=ON"
    return path


def merged(base, extra):
    """`extra` over `base`, section by section."""
    result = dict(base)
    for key, value in extra.items():
        both_are_sections = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both_are_sections else value
    return result


class Instance:
    """`glosswire run` with this configuration, below its own directory. A `with` block ends every process of it."""

    def __init__(self, directory, program=None, **config):
        self.program = program or binary()
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log_path = self.directory / "log"
        self.log_path.touch()
        self.config = merged({
            "workers": 2,
            "instance": "test",
            "state_dir": str(self.directory / "state"),
            "run_dir": str(self.directory / "run"),
            "drain_timeout": "60s",
            "restart": {"min_delay": "50ms", "max_delay": "2s"},
            "log": {"format": "json"},
            "admin": {"listen": "off"},
        }, config)
        self.process = None
        self.strays = {}  # pid → when it was started: pids are used again

    @property
    def dead_letter_path(self):
        return self.directory / "state" / "dead-letters.jsonl"

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.kill()

    def start(self, ready=True):
        path = self.directory / "glosswire.yaml"
        path.write_text(json.dumps(self.config, indent=2))  # JSON is YAML
        self.log_start = self.log_path.stat().st_size
        with open(self.log_path, "a") as log:
            self.process = subprocess.Popen([self.program, "run", "-c", str(path)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, preexec_fn=die_with_parent)
        if ready:
            until(lambda: self._has_started() or self._ended(), "the instance to be ready")
            assert not self.process.returncode, f"it ended with {self.process.returncode}:\n{self.log_tail()}"
        return self

    def _ended(self):
        return self.process.poll() is not None

    def _has_started(self):
        return any(line.get("msg") == "ready" for line in self.log())

    def log(self):
        """What this start has logged: one dict per line."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            log.seek(self.log_start)
            return [json.loads(line) for line in log if line.startswith("{") and line.endswith("}\n")]

    def log_tail(self):
        return self.log_path.read_text(errors="replace")[-4000:]

    def admin(self):
        """Where its admin pages are, with `admin.listen` 127.0.0.1:0: the address that it listens on by now."""
        return until(lambda: next((f"http://{line['address']}" for line in reversed(self.log())
                                   if line["msg"] == "admin pages"), None), "the admin pages")

    def summary(self):
        """The counters that were logged last."""
        return next((line for line in reversed(self.log()) if "records" in line and "restarts" in line), None)

    def children(self):
        """pid → command line of its direct children that run."""
        found = {}
        for pid in children_of(self.process.pid):
            command = command_of(pid)
            if "child" in command:
                found[pid] = command
        self.strays.update({pid: started_at(pid) for pid in found})
        return found

    def workers(self):
        """The number of each worker → its pid."""
        return {int(command[-1]): pid for pid, command in self.children().items() if "worker" in command}

    def hub(self):
        return next((pid for pid, command in self.children().items() if "hub" in command), None)

    def kill_worker(self, number, how=signal.SIGKILL):
        """Kills a worker and waits until another process has its place; returns the new pid."""
        pid = until(lambda: self.workers().get(number), f"worker {number} to run")
        os.kill(pid, how)
        return until(lambda: self.workers().get(number) not in (None, pid) and self.workers()[number],
                     f"worker {number} to be started again")

    @contextlib.contextmanager
    def frozen_worker(self, number):
        """A worker that is stopped: it keeps what it has taken, until it is killed or the block ends."""
        pid = until(lambda: self.workers().get(number), f"worker {number} to run")
        os.kill(pid, signal.SIGSTOP)
        try:
            yield pid
        finally:
            if is_running(pid):
                os.kill(pid, signal.SIGCONT)

    def memory(self):
        """Most resident bytes that any process of the instance has had."""
        return max(peak_memory(pid) for pid in [self.process.pid, *self.children()])

    def stop(self, seconds=PATIENCE_S):
        """SIGTERM; returns the exit code once every process has gone."""
        self.children()
        self.process.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def wait(self, seconds=PATIENCE_S):
        """Returns the exit code of an instance that ends by itself."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end within {seconds} s:\n{self.log_tail()}") from None
        until(lambda: not self.left(), "its children to end")
        return code

    def left(self):
        """Children, of this start and of those before, that still run."""
        return [pid for pid, start in self.strays.items() if start and started_at(pid) == start and is_running(pid)]

    def kill_supervisor(self):
        """SIGKILL for the supervisor alone; its children are left to themselves."""
        self.children()
        self.process.kill()
        self.process.wait()

    def kill(self):
        """SIGKILL for every process of it that is left."""
        if self.process and not self._ended():
            self.children()
            self.process.kill()
            self.process.wait()
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)
        self.strays.clear()


def run(*arguments, data=None, seconds=PATIENCE_S):
    """Runs another command of glosswire to its end."""
    return subprocess.run([binary(), *arguments], input=data, capture_output=True, timeout=seconds)


def children_of(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def started_at(pid):
    """What tells a process from a later one with the same pid; None when there is none."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def is_running(pid):
    """Whether it is there and no zombie."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def peak_memory(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)
