"""Keeps a world in a file between two runs: a snapshot, read at the start and replaced as a whole."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from .fixtures import FixtureError, load_snapshot
from .snapshots import snapshot
from .specification import Specification
from .world import World

_PRIVATE = 0o600
"""The mode of a new file. It holds keys, so only its owner may read it."""


class StateFileError(Exception):
    """A file that cannot be used to keep the state. The message names it, and why; the file is left as it is."""


class StateFile:
    """A regular file, or a path where one can be created. Symbolic links are followed.

    As a context manager it reserves the file for this process. Raises StateFileError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._target = path.resolve()
            kind: int | None = os.stat(self._target).st_mode
        except FileNotFoundError:
            kind = None
        except (OSError, RuntimeError) as error:  # RuntimeError: symbolic links in a circle
            raise StateFileError(f"{path}: cannot be used: {_reason(error)}") from error
        if kind is not None and not stat.S_ISREG(kind):
            raise StateFileError(f"{path}: not a regular file. Give the path of a file, or of one to create.")
        folder = self._target.parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise StateFileError(f"{path}: cannot be written: {folder} is not a folder that this user can write to")
        self._lock: int | None = None

    def __enter__(self) -> "StateFile":
        """Reserve the file, and remove what a killed process left behind. Raises StateFileError if it is in use."""
        self._lock = self._locked()
        left = re.compile(rf"\.{re.escape(self._target.name)}\.\d+\.tmp")
        for path in self._target.parent.iterdir():
            if left.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Release the file."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock_path.unlink()
            os.close(self._lock)
            self._lock = None

    def load(self, world: World, specification: Specification) -> None:
        """Put what the file holds in the place of all companies. Without a file, nothing. Raises StateFileError."""
        if not os.path.lexists(self._target):
            return
        try:
            scratch = world.another()
            load_snapshot(scratch, specification, self._target)
            world.restore(scratch.companies.values())
        except FixtureError as error:
            reason = str(error).removeprefix(f"{self._target}: ")
            raise StateFileError(
                f"{self.path}: not a state that rufus-mock wrote, or not all of it: {reason}. It is left as it is."
            ) from error

    def save(self, world: World) -> None:
        """Write all companies to a file beside the old one, then replace that one, whose mode is kept.

        Raises OSError, and whatever keeps a world from being written; the old file is left as it is then.
        """
        content = snapshot(list(world.companies.values()))
        draft = self._target.with_name(f".{self._target.name}.{os.getpid()}.tmp")
        draft.unlink(missing_ok=True)
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
                os.fchmod(file.fileno(), self._mode())
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _mode(self) -> int:
        try:
            return stat.S_IMODE(os.stat(self._target).st_mode)
        except FileNotFoundError:
            return _PRIVATE

    @property
    def _lock_path(self) -> Path:
        return self._target.with_name(f".{self._target.name}.lock")

    def _locked(self) -> int:
        """A descriptor that holds the lock. The system releases it with the process, however that ends."""
        while True:
            try:
                lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _PRIVATE)
                if _flocked(lock, self._lock_path):
                    return lock
            except BlockingIOError:
                raise StateFileError(
                    f"{self.path}: in use by another rufus-mock serve. Stop that one, or give this one another file."
                ) from None
            except OSError as error:
                raise StateFileError(f"{self.path}: cannot be reserved: {self._lock_path}: {_reason(error)}") from error


def _flocked(lock: int, path: Path) -> bool:
    """Lock a descriptor; False, and closed, if the process that had the lock has just removed its file."""
    import fcntl  # Windows has no such module, and only a state file needs it

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), os.stat(path)):
                return True
    except BaseException:
        os.close(lock)
        raise
    os.close(lock)
    return False


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
