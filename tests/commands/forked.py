"""Runs of the command in forks of a process that has imported it: the imports take most of the time of a short run.

A fork has everything that makes a process: arguments, environment, folder, signals, output and exit status.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

TIMEOUT = 60

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "rufus_mock.assumptions.profile",
        "rufus_mock.calibration.departures",
        "rufus_mock.commands.contract",
        "rufus_mock.commands.csv",
        "rufus_mock.commands.simulate",
        "rufus_mock.contract.command",
        "rufus_mock.serving.serve",
        "rufus_mock.simulator.demo",
        "rufus_mock.simulator.http_target",
        "rufus_mock.spec.admin_contract",
    ]
)


class Fork:
    """A running command, with what the tests use of a subprocess.Popen[str]."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        pipes = [_context.Pipe(duplex=False) for _ in range(2)]
        readers, writers = zip(*pipes, strict=True)
        self._process = _context.Process(target=_piped, args=(list(arguments), dict(environment), *writers))
        self._process.start()
        for writer in writers:
            writer.close()
        self.stdout, self.stderr = (os.fdopen(os.dup(reader.fileno()), encoding="utf-8") for reader in readers)
        for reader in readers:
            reader.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """The exit status; None while the process runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float) -> int:
        """The exit status. Raises TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return self._process.exitcode

    def __enter__(self) -> "Fork":
        return self

    def __exit__(self, *_: object) -> None:
        """Kills the process, if it still runs."""
        self.kill()
        self._process.join()
        self._process.close()
        self.stdout.close()
        self.stderr.close()


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `rufus-mock` to its end with this environment and no other, in this folder or the current one."""
    with tempfile.TemporaryDirectory() as streams:
        paths = [str(Path(streams, name)) for name in ("out", "err")]
        process = _context.Process(
            target=_written, args=(list(arguments), dict(environment), str(folder or Path.cwd()), *paths)
        )
        process.start()
        process.join(TIMEOUT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), TIMEOUT)
        out, err = (Path(path).read_text(encoding="utf-8") for path in paths)
        return subprocess.CompletedProcess(list(arguments), process.exitcode, out, err)


def _piped(arguments: list[str], environment: dict[str, str], out: Connection, err: Connection) -> None:
    _main(arguments, environment, out.fileno(), err.fileno())


def _written(arguments: list[str], environment: dict[str, str], folder: str, out: str, err: str) -> None:
    os.chdir(folder)
    _main(arguments, environment, *(os.open(path, os.O_WRONLY | os.O_CREAT) for path in (out, err)))


def _main(arguments: list[str], environment: dict[str, str], *streams: int) -> None:
    from rufus_mock.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    for number, (name, stream) in enumerate(zip(("stdout", "stderr"), streams, strict=True), start=1):
        os.dup2(stream, number)
        os.close(stream)
        setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))
    sys.argv = ["rufus-mock", *arguments]
    main()
