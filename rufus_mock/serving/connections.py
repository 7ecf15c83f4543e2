"""Resets a TCP connection of this server, which granian offers no way to do.

A socket whose option SO_LINGER is set to zero seconds is reset when it is closed. TCP_CORK keeps what is written before
that from being sent. It is not known which socket belongs to a request, so all connections of the client's address have
these options while granian closes the one. The others are delayed by a few milliseconds. If another one is closed in
this time, it is reset instead.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_RESET = struct.pack("ii", 1, 0)
_SHUT_DOWN = struct.pack("ii", 0, 0)
_CORK: int | None = getattr(socket, "TCP_CORK", None) or getattr(socket, "TCP_NOPUSH", None)
_DESCRIPTORS = ("/proc/self/fd", "/dev/fd")
_CLOSED_WITHIN = 2
"""Seconds that granian may take to close the connection."""

_lock = threading.Lock()


@contextmanager
def reset_when_closed(port: int, client: str, *, unsent: bool) -> Iterator[None]:
    """Resets the next connection from the address `client` to `port` that is closed. Waits for it at the end.

    unsent: whether what is written to the connection in the meantime is not sent.
    """
    with _lock:
        connections = list(_connections(port, client))
        for descriptor, _ in connections:
            _set(descriptor, _RESET, corked=unsent)
        try:
            yield
            give_up = time.monotonic() + _CLOSED_WITHIN
            while connections and time.monotonic() < give_up and all(_is_open(*each) for each in connections):
                time.sleep(0.001)
        finally:
            for descriptor, inode in connections:
                if _is_open(descriptor, inode):
                    _set(descriptor, _SHUT_DOWN, corked=False)


def _connections(port: int, client: str) -> Iterator[tuple[int, int]]:
    """The descriptors and inodes of the accepted sockets of this process. None on a system that does not list them."""
    listing = next((path for path in _DESCRIPTORS if os.path.isdir(path)), None)
    for descriptor in map(int, os.listdir(listing) if listing else ()):
        # Most descriptors are something else: files, listening sockets, or closed by now.
        with suppress(OSError, IndexError), _borrowed(descriptor) as found:
            inode = os.fstat(descriptor).st_ino
            if found.getsockname()[1] == port and found.getpeername()[0] == client:
                yield descriptor, inode


def _set(descriptor: int, linger: bytes, corked: bool) -> None:
    with suppress(OSError), _borrowed(descriptor) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if _CORK is not None:
            connection.setsockopt(socket.IPPROTO_TCP, _CORK, corked)


@contextmanager
def _borrowed(descriptor: int) -> Iterator[socket.socket]:
    """A socket by its descriptor, which stays open. Raises OSError if it is not a socket."""
    borrowed = socket.socket(fileno=descriptor)
    try:
        yield borrowed
    finally:
        borrowed.detach()


def _is_open(descriptor: int, inode: int) -> bool:
    try:
        return os.fstat(descriptor).st_ino == inode
    except OSError:
        return False
