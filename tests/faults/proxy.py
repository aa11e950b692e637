"""A TCP proxy that a test can make slow, silent or deaf: a bad network on loopback."""

import contextlib
import selectors
import socket
import threading
import time

CHUNK = 16384
# What waits in one direction of a connection before its sender is not read any more.
BUFFER_MAX = 1 << 20
TICK_S = 0.05


class Pipe:
    """One direction of one connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.waiting = bytearray()
        self.due = 0.0      # not before this may anything be written
        self.ended = False  # the reader has no more


class Link:
    """A client's connection and the one to the target behind it."""

    def __init__(self, client, server):
        self.sockets = (client, server)
        self.pipes = (Pipe(client, server), Pipe(server, client))

    def close(self, reset=False):
        for each in self.sockets:
            if reset:
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            each.close()


class Proxy:
    """Forwards a port of its own to another one. All faults can be changed while connections are open."""

    def __init__(self, target_port, port=0):
        self.target = ("127.0.0.1", target_port)
        self.listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.links = []
        self.bytes_per_s = None  # for each direction of each connection; None: as fast as it can
        self.delay_s = 0.0
        self.is_silent = False   # connections stay open, nothing passes
        self.is_closed = False   # new connections are refused at once
        self.cut_wanted = threading.Event()
        self.ending = False
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self._run, name=f"proxy-{self.port}", daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.ending = True
        self.thread.join()

    def heal(self):
        self.bytes_per_s, self.delay_s, self.is_silent, self.is_closed = None, 0.0, False, False

    def cut(self):
        """Resets every connection, in the middle of whatever it was saying."""
        self.cut_wanted.set()

    def _run(self):
        try:
            while not self.ending:
                self._step()
        finally:
            for link in self.links:
                link.close()
            self.listener.close()

    def _step(self):
        if self.cut_wanted.is_set():
            self.cut_wanted.clear()
            for link in self.links:
                link.close(reset=True)
            self.links.clear()
        with selectors.DefaultSelector() as selector:
            selector.register(self.listener, selectors.EVENT_READ, None)
            now = time.monotonic()
            wait = TICK_S
            for link in self.links:
                wait = min(wait, self._register(selector, link, now))
            for key, events in selector.select(max(wait, 0.001)):
                if key.data is None:
                    self._accept()
        now = time.monotonic()
        for link in list(self.links):
            try:
                for pipe in link.pipes:
                    self._move(pipe, now)
                if all(pipe.ended and not pipe.waiting for pipe in link.pipes):
                    raise ConnectionError
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                link.close()
                self.links.remove(link)

    def _register(self, selector, link, now):
        """Watches what can move; returns how soon something that waits may."""
        wanted = {each: 0 for each in link.sockets}
        wait = TICK_S
        if self.is_silent:
            return wait
        for pipe in link.pipes:
            if not pipe.ended and len(pipe.waiting) < BUFFER_MAX:
                wanted[pipe.reader] |= selectors.EVENT_READ
            if pipe.waiting and pipe.due <= now:
                wanted[pipe.writer] |= selectors.EVENT_WRITE
            elif pipe.waiting:
                wait = min(wait, pipe.due - now)
        for each, events in wanted.items():
            if events:
                selector.register(each, events, link)
        return wait

    def _accept(self):
        client, _ = self.listener.accept()
        if self.is_closed:
            client.close()
            return
        try:
            server = socket.create_connection(self.target, timeout=1)
        except OSError:
            client.close()
            return
        for each in (client, server):
            each.setblocking(False)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.links.append(Link(client, server))

    def _move(self, pipe, now):
        if self.is_silent:
            return
        if not pipe.ended and len(pipe.waiting) < BUFFER_MAX:
            with contextlib.suppress(BlockingIOError):
                data = pipe.reader.recv(CHUNK)
                pipe.ended = not data
                if data and not pipe.waiting:
                    pipe.due = max(pipe.due, now + self.delay_s)
                pipe.waiting += data
        if pipe.waiting and pipe.due <= now:
            size = CHUNK if self.bytes_per_s is None else max(1, min(CHUNK, int(self.bytes_per_s * TICK_S)))
            with contextlib.suppress(BlockingIOError):
                sent = pipe.writer.send(pipe.waiting[:size])
                del pipe.waiting[:sent]
                if self.bytes_per_s is not None:
                    pipe.due = now + sent / self.bytes_per_s
        if pipe.ended and not pipe.waiting:
            with contextlib.suppress(OSError):
                pipe.writer.shutdown(socket.SHUT_WR)
