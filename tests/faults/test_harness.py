"""The fault harness itself: what must be noticed is noticed."""

import pathlib
import socket
import sys
import threading
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "system")]

from books import DEAD_LETTER, RECORD, Books  # noqa: E402  (needs the path above)
from memory import MOST_MIB, Memory  # noqa: E402
from proxy import Proxy  # noqa: E402
from run import Faulted  # noqa: E402


def test_books_notice_what_is_missing_and_what_is_repeated():
    books = Books()
    for position in ("p/1", "p/2", "p/3"):
        books.fed(position)
    books.came("p/1", RECORD, b"r")
    books.came("p/1", RECORD, b"r")
    books.came("p/2", DEAD_LETTER)
    assert books.missing == {"p/3"}
    assert books.summary() == {"in": 3, "records": 1, "dead_letters": 1, "skipped": 0, "missing": 1, "redelivered": 1}
    assert not books.mistakes


@pytest.mark.parametrize("second, said", [((RECORD, b"other"), "two different records"),
                                          ((DEAD_LETTER, None), "came out as record and as dead letter")])
def test_books_notice_outputs_that_differ(second, said):
    books = Books()
    books.came("p/1", RECORD, b"r")
    books.came("p/1", *second)
    assert len(books.mistakes) == 1 and said in books.mistakes[0]


def test_books_notice_a_broken_order_but_not_a_repeat():
    books = Books()
    for number in (1, 2, 3, 2, 3):
        books.came(f"p/{number}", RECORD, b"r", "key", number)
    assert not books.mistakes
    books.came("p/9", RECORD, b"r", "other key", 1)
    assert not books.mistakes
    books.came("p/0", RECORD, b"r", "key", 0)
    assert "number 0 of key after 3" in books.mistakes[0]


def test_books_notice_outputs_without_a_position():
    books = Books()
    books.came(None, RECORD, b"r")
    assert books.mistakes


def test_memory_that_grows_or_is_too_much_is_noticed():
    memory = Memory()
    memory.samples["worker"] = [50] * 90
    assert not memory.complaints()
    memory.samples["worker"] = list(range(50, 140))
    assert "grows" in memory.complaints()[0]
    memory.samples["worker"] = [MOST_MIB + 1]
    assert memory.complaints()


def test_a_refused_reload_is_noticed(tmp_path):
    instance = Faulted(tmp_path, workers=2)
    instance.log_path.write_text('{"level":"info","msg":"configuration taken; replacing the other workers one by one"}\n')
    assert not instance.refusals()
    with open(instance.log_path, "a") as log:
        log.write('{"level":"error","msg":"configuration not taken: this key needs a restart","key":"workers"}\n')
    assert len(instance.refusals()) == 1


class Echo:
    """A server that says everything again."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.run, daemon=True).start()
        return self.listener.getsockname()[1]

    def __exit__(self, *exception):
        self.listener.close()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    @staticmethod
    def serve(connection):
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass


def say(connection, data, seconds=5):
    """Sends it and returns what came back within so many seconds."""
    connection.settimeout(seconds)
    connection.sendall(data)
    back = b""
    try:
        while len(back) < len(data) and (piece := connection.recv(65536)):
            back += piece
    except TimeoutError:
        pass
    return back


@pytest.fixture
def proxy():
    with Echo() as port, Proxy(port) as each:
        yield each


def connect(proxy):
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=5)


def test_the_proxy_passes_everything_on(proxy):
    data = bytes(range(256)) * 2000
    with connect(proxy) as one, connect(proxy) as other:
        assert say(one, data) == data
        assert say(other, b"x") == b"x"


def test_the_proxy_cuts_and_refuses(proxy):
    with connect(proxy) as one:
        assert say(one, b"x") == b"x"
        proxy.is_closed = True
        proxy.cut()
        with pytest.raises(OSError):
            for _ in range(100):
                if not say(one, b"x"):
                    raise ConnectionError
                time.sleep(0.02)
    with connect(proxy) as refused:
        assert refused.recv(1) == b""
    proxy.heal()
    with connect(proxy) as one:
        assert say(one, b"x") == b"x"


def test_the_proxy_is_silent_and_slow(proxy):
    with connect(proxy) as one:
        assert say(one, b"x") == b"x"
        proxy.is_silent = True
        assert say(one, b"y", seconds=0.3) == b""
        proxy.heal()
        one.settimeout(5)
        assert one.recv(1) == b"y"
        proxy.bytes_per_s = 20_000
        start = time.monotonic()
        assert len(say(one, b"z" * 10_000)) == 10_000
        assert time.monotonic() - start > 0.4
