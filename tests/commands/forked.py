"""Runs of the command in forks of a process that has imported it: the imports take most of the time of a short run.

A fork has everything that makes a process: arguments, environment, folder, signals, output and exit status.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

TIMEOUT = 60

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "rufus_mock.assumptions.profile",
        "rufus_mock.commands.contract",
        "rufus_mock.commands.csv",
        "rufus_mock.commands.simulate",
        "rufus_mock.contract.command",
        "rufus_mock.serving.serve",
        "rufus_mock.simulator.http_target",
        "rufus_mock.spec.admin_contract",
    ]
)


def run_forked(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `rufus-mock` with these arguments, this environment and no other, in a folder."""
    with tempfile.TemporaryDirectory() as streams:
        out, err = Path(streams, "out"), Path(streams, "err")
        process = _context.Process(
            target=_main, args=(list(arguments), dict(environment), str(folder or Path.cwd()), str(out), str(err))
        )
        process.start()
        process.join(TIMEOUT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(arguments), TIMEOUT)
        return subprocess.CompletedProcess(list(arguments), process.exitcode, out.read_text(), err.read_text())


def _main(arguments: list[str], environment: dict[str, str], folder: str, out: str, err: str) -> None:
    from rufus_mock.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["rufus-mock", *arguments]
    main()
