"""Keeps a world in a file between two runs: a snapshot, read at the start and written whole or not at all."""

import os
from pathlib import Path

from .fixtures import FixtureError, load_snapshot
from .snapshots import snapshot
from .specification import Specification
from .world import World


class StateFileError(Exception):
    """A file that cannot be used to keep the state. The message names it, and why; the file is left as it is."""


class StateFile:
    """A file that is there or will be. Raises StateFileError where its folder cannot be written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._target = path.resolve()
        folder = self._target.parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise StateFileError(f"{path}: cannot be written: {folder} is no folder, or not ours to write to")

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
        """Write all companies: beside the file first, then in its place. Raises OSError."""
        beside = self._target.with_name(f".{self._target.name}.{os.getpid()}.tmp")
        try:
            with beside.open("wb") as file:
                file.write(snapshot(list(world.companies.values())))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
