"""What all commands have in common: how they are interrupted, write their output, and report failures.

The health check uses this module, so it imports very little.
"""

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from .printable import printable

PROG = "rufus-mock"

FAILED = 2
"""The exit status of a command that could not do its work."""

INTERRUPTED = 130
BROKEN_PIPE = 141
"""The exit statuses after Ctrl-C and after the reader of the output closed it, as shells report these signals."""

_LONGEST = 1000
_UNWRITABLE = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
"""The error numbers of the system for output that cannot be written."""


def begin() -> None:
    """Prepare for Ctrl-C, closed streams, and terminals that cannot display some characters."""
    signal.signal(signal.SIGINT, _interrupted)
    if sys.stderr is None:
        # The next file to be opened would become standard error and receive the log.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.exit(fail("standard output is closed. Redirect it to a file, or to /dev/null."))
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


@contextmanager
def terminable() -> Iterator[None]:
    """Makes SIGTERM end a run as Ctrl-C does, so that what it made is removed.

    SIGINT has a handler too, because a shell makes its background jobs ignore it.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(status: int) -> int:
    """Write buffered output. Returns the exit status, which is not 0 if writing failed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.stdout is None:
        return status
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
        return status or BROKEN_PIPE
    except OSError as error:
        discard_output()
        return status or fail(describe(error) or str(error))
    return status


def fail(message: str) -> int:
    """Report a failure in one line that is safe for a terminal. Returns the exit status."""
    message = printable(" ".join(message.splitlines()))
    if len(message) > _LONGEST:
        message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
    with suppress(OSError):  # standard error is closed
        print(f"{PROG}: {message}", file=sys.stderr, flush=True)
    return FAILED


def describe(error: OSError) -> str | None:
    """The message for an error of the system; None for an error that users cannot act on."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if error.errno in _UNWRITABLE:
        return f"cannot write the output: {error.strerror}. Free some space there, or write it elsewhere."
    return None


def discard_output() -> None:
    """Discard the rest of the output. Otherwise the interpreter would try to write it at exit and report an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupted(_: int, frame: FrameType | None) -> None:
    """Handle Ctrl-C. During an import, end the process immediately: some extension modules cannot be interrupted."""
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename:
            os._exit(INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt
