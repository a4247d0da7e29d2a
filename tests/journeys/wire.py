"""A piece of network between two processes that can swallow answers and break, as networks do."""

import contextlib
import socket
import threading
from typing import List, Optional, Set

CHUNK = 65536


class Wire:
    """Passes connections on 127.0.0.1 on to another port.

    `hush()` swallows everything the server says from now on; `cut()` breaks all connections and lets answers through
    again; `asked` tells how many bytes went to the server since `hush()`.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: Set[socket.socket] = set()
        self._lock = threading.Lock()
        self._hushed = False
        self.asked = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address that leads through this wire."""
        return f"http://127.0.0.1:{self.port}"

    def hush(self) -> None:
        """Let no answer through any more."""
        self.asked = 0
        self._hushed = True

    def cut(self) -> None:
        """Break every connection; those to come work."""
        with self._lock:
            broken, self._open = list(self._open), set()
        for end in broken:
            _close(end)
        self._hushed = False

    def close(self) -> None:
        """Take the wire away."""
        _close(self._listener)
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = self._reach(client)
                if server is not None:
                    with self._lock:
                        self._open.update((client, server))
                    for pump in (self._ask, self._answer):
                        threading.Thread(target=pump, args=(client, server), daemon=True).start()

    def _reach(self, client: socket.socket) -> Optional[socket.socket]:
        try:
            return socket.create_connection(("127.0.0.1", self._target), timeout=None)
        except OSError:
            _close(client)
            return None

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := client.recv(CHUNK):
                server.sendall(chunk)
                self.asked += len(chunk)
        self._hang_up([client, server])

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := server.recv(CHUNK):
                if not self._hushed:
                    client.sendall(chunk)
        # a hushed caller must not learn that the server is gone either
        if not self._hushed:
            self._hang_up([client, server])

    def _hang_up(self, ends: List[socket.socket]) -> None:
        for end in ends:
            with self._lock:
                self._open.discard(end)
            _close(end)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
