"""What every command does with its output, its terminal and Ctrl-C, as a user's shell sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rufus_mock.cli import COMMANDS
from tests.commands.test_cli import COMMAND, FREE_PORT
from tests.servers import mock

DOWNLOAD = str(Path(__file__).parent.parent.parent / "fixtures" / "documented-start-5k.csv")
SESSION = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
FULL = "rufus-mock: cannot write the output: No space left on device. Free some space there, or write it elsewhere.\n"
CLOSED = "rufus-mock: standard output is closed. Redirect it to a file, or to /dev/null.\n"

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def shell(redirection: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command with its streams redirected."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **FREE_PORT, **environment},
    )


def writing(name: str, folder: Path) -> list[str]:
    """Arguments with which a command writes to standard output."""
    return {
        "ca": ["ca", "--ca-dir", str(folder)],
        "contract": ["contract", "--examples", "1", "--operation", "listDevices"],
        "doctor": ["doctor", "http://nowhere.invalid/v0"],
        "import": ["import", DOWNLOAD],
        "openapi": ["openapi"],
        "serve": ["serve", "--log-level", "error"],
        "simulate": ["simulate", "--runners", "5", "--out", str(folder / "out.json")],
    }.get(name, [name, "--help"])


@needs_full
@pytest.mark.parametrize("name", COMMANDS)
def test_output_that_cannot_be_written_is_one_line_with_status_2(name: str, tmp_path: Path) -> None:
    done = shell(">/dev/full", *writing(name, tmp_path), XDG_CACHE_HOME=str(tmp_path))
    said = "rufus-mock: output: No space left on device\n" if name == "contract" else FULL
    assert (done.returncode, done.stderr) == (2, said)


@needs_full
def test_an_export_and_a_quick_health_check_know_it_too() -> None:
    with mock() as base_url:
        port = base_url.rpartition(":")[2].partition("/")[0]
        exported = shell(">/dev/full", "export", SESSION, "--base-url", base_url)
        healthy = shell(">/dev/full", "healthcheck", RUFUS_MOCK_PORT=port)
    assert (exported.returncode, exported.stderr) == (2, FULL)
    assert (healthy.returncode, healthy.stderr) == (2, FULL)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_closed_standard_output_is_one_line_with_status_2(name: str, tmp_path: Path) -> None:
    done = shell(">&-", *writing(name, tmp_path))
    assert (done.returncode, done.stderr) == (2, CLOSED)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_closed_standard_error_does_no_harm(name: str) -> None:
    done = shell("2>&-", name, "--help")
    assert (done.returncode, done.stdout.splitlines()[0].startswith(f"Usage: rufus-mock {name}")) == (0, True)
    assert shell("2>&-", name, "--nothing").returncode == 2


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_terminal_that_lacks_characters_gets_others(name: str, encoding: str) -> None:
    done = subprocess.run(
        [*COMMAND, name, "--help"],
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(f"Usage: rufus-mock {name}".encode())


def test_data_is_utf_8_whatever_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "Läufer→.csv"
    path.write_text("num_passing,timestamp,bib\n1,2026-05-10T09:00:00.000Z,→\n", encoding="utf-8")
    for arguments in (["openapi"], ["import", str(path)]):
        command = [*COMMAND, *arguments]
        printed = {
            subprocess.run(
                command, capture_output=True, check=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": encoding}
            ).stdout
            for encoding in ("utf-8", "latin-1", "ascii")
        }
        assert len(printed) == 1
    assert "→".encode() in printed.pop()


INTERRUPTING = """if True:
    import importlib.abc, os, signal, sys

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, name, *_):
            if name == {module!r}:
                try:
                    os.kill(os.getpid(), signal.SIGINT)
                    for _ in range(1000):
                        pass
                except KeyboardInterrupt:
                    os._exit(99)  # what a careless module makes of it

    sys.meta_path.insert(0, Finder())
    sys.argv[1:] = {arguments!r}
    from rufus_mock.__main__ import main
    main()
"""


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        *((f"rufus_mock.commands.{module}", [name, "--help"]) for name, module in COMMANDS.items()),
        *(("click", arguments) for arguments in (["--help"], ["--version"], [])),
        ("rufus_mock.serving.healthcheck", ["healthcheck"]),
        ("flask", ["serve"]),
        ("orjson", ["serve"]),
        ("granian", ["serve"]),
        ("hypothesis", ["contract"]),
        ("rufus_mock.client", ["export", SESSION]),
        ("rufus_mock.doctor", ["doctor", "http://127.0.0.1:1"]),
    ],
    ids=str,
)
def test_ctrl_c_during_the_imports_ends_with_130_and_says_nothing(module: str, arguments: list[str]) -> None:
    code = INTERRUPTING.format(module=module, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_ctrl_c_during_the_work_ends_with_130_without_a_traceback() -> None:
    code = """if True:
        import os, signal, sys
        from rufus_mock.spec import contract
        from rufus_mock.__main__ import main
        contract.Contract.document = lambda *_: os.kill(os.getpid(), signal.SIGINT)
        sys.argv[1:] = ["openapi"]
        main()
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")
