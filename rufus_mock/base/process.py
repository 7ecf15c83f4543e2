"""What holds for every command: how it is interrupted, where its output goes, how it says that it failed.

The health check runs this too, so it imports next to nothing.
"""

import errno
import os
import signal
import sys
from contextlib import suppress
from types import FrameType

PROG = "rufus-mock"

FAILED = 2
"""The exit status of a command that could not do what it was asked."""

INTERRUPTED = 130
BROKEN_PIPE = 141
"""The exit statuses after Ctrl-C, and for a reader that went away: what a shell reports for the signals."""

_LONGEST = 1000
_UNWRITABLE = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
"""What the system says of an output that cannot be written."""


def begin() -> None:
    """Prepare for Ctrl-C, for streams that are closed, and for terminals that lack some characters."""
    signal.signal(signal.SIGINT, _interrupted)
    if sys.stderr is None:
        # Whatever was opened next would become standard error, and get the log.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.exit(fail("standard output is closed. Redirect it to a file, or to /dev/null."))
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


def end(status: int) -> int:
    """Write what is still buffered; the exit status, which is not 0 if that failed."""
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
    """Say in one line what could not be done; the exit status for it."""
    message = " ".join(message.splitlines())
    if len(message) > _LONGEST:
        message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
    with suppress(OSError):  # nobody reads it
        print(f"{PROG}: {message}", file=sys.stderr, flush=True)
    return FAILED


def describe(error: OSError) -> str | None:
    """What to say of an error of the system; None for one that says nothing to a user."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if error.errno in _UNWRITABLE:
        return f"cannot write the output: {error.strerror}. Free some space there, or write it elsewhere."
    return None


def discard_output() -> None:
    """Send the rest of the output nowhere: the interpreter would try to write it again at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupted(_: int, frame: FrameType | None) -> None:
    """Ctrl-C. It ends the process at once during an import, which some extension modules cannot abandon."""
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename:
            os._exit(INTERRUPTED)
        frame = frame.f_back
    raise KeyboardInterrupt
