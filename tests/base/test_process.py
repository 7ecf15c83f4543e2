"""What every command does with its input, its output and Ctrl-C, as a user's shell sees it."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from rufus_mock.cli import COMMANDS, cli
from rufus_mock.contract.report.baseline import Baseline, BaselineError
from rufus_mock.web.app import Config
from tests.commands.test_cli import COMMAND, FREE_PORT, first_device, run, serving
from tests.servers import mock

DOWNLOAD = str(Path(__file__).parent.parent.parent / "fixtures" / "documented-start-5k.csv")
SESSION = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
FULL = "rufus-mock: cannot write the output: No space left on device. Free some space there, or write it elsewhere.\n"
CLOSED = "rufus-mock: standard output is closed. Redirect it to a file, or to /dev/null.\n"
LONG = "9" * 5000

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


OPTIONS = [
    (name, parameter)
    for name in COMMANDS
    for parameter in getattr(cli.get_command(click.Context(cli), name), "params", [])
    if isinstance(parameter, click.Option) and not parameter.is_flag
]
NUMBERS = [
    (name, parameter)
    for name, parameter in OPTIONS
    if parameter.type.name in {"integer", "integer range", "number", "float", "float range", "H:MM:SS"}
]


@pytest.mark.parametrize(("name", "parameter"), NUMBERS, ids=lambda value: getattr(value, "name", value))
@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300", LONG])
def test_a_number_that_cannot_be_is_refused_by_every_option(name: str, parameter: click.Option, value: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    arguments = [parameter.opts[0], *[value] * parameter.nargs]
    with pytest.raises(click.BadParameter) as refused:
        parameter.process_value(
            click.Context(command),
            (value,) if parameter.multiple else arguments[1:][0] if parameter.nargs == 1 else tuple(arguments[1:]),
        )
    assert refused.value.param is parameter


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--state", "x.json", "--state-interval", "inf"],
        ["serve", "--simulate", "5k", "--simulate-speed", "nan"],
        ["simulate", "--speed", "nan"],
        ["simulate", "--median", "nan"],
        ["contract", "--rate", "inf"],
        ["serve", "--port", LONG],
        ["simulate", "--runners", LONG],
        ["import", DOWNLOAD, "--seed", LONG],
        ["simulate", "--start", "9999-12-31T23:00:00Z", "--runners", "5", "--out", "out.json"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_such_a_number_is_one_short_line_with_status_2(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert len(done.stderr) < 1100
    assert done.stderr.startswith("rufus-mock: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        LONG,
        "[" * 900 + "]" * 900,
        "[" * 100_000 + "]" * 100_000,
    ],
    ids=["5,000 digits", "900 levels", "100,000 levels"],
)
def test_a_file_that_no_reader_can_take_is_one_line_with_status_2(content: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.json"
    path.write_text('{"companies": ' + content + "}")
    for option in ("--fixture", "--state"):
        done = run("serve", option, str(path))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert done.stderr.startswith(f"rufus-mock: {path}: ")
    with pytest.raises(BaselineError, match="no baseline"):
        Baseline.read(path)


@pytest.mark.parametrize("column", ["num_passing", "latitude"])
def test_a_cell_of_5000_digits_is_one_short_line(column: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    cells = {"num_passing": "1", "timestamp": "2026-05-10T09:00:00.000Z", "latitude": "0.0", column: LONG}
    path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    done = run("import", str(path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"rufus-mock: {path}: line 2, column {column}: expected ")
    assert len(done.stderr) < 400


def test_a_file_name_that_is_not_utf_8_is_one_line_with_status_2(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv"))
    path.write_text(Path(DOWNLOAD).read_text())
    done = run("import", str(path))
    said = f"rufus-mock: {str(path)!a}: a device is named by its file: rename this one to printable text\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("arguments", [["serve", "--host", "x" * 64], ["healthcheck", "--host", "x" * 64]])
def test_a_name_that_no_host_can_have_is_one_line(arguments: list[str]) -> None:
    done = run(*arguments, "--port", "1")
    assert done.returncode in (1, 2)
    assert "label" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("token", ["", " "])
def test_an_empty_admin_token_is_refused_wherever_it_comes_from(token: str) -> None:
    said = (
        "rufus-mock: --admin-token is empty. Give it a token; for an admin API without one, leave out the option "
        "and unset RUFUS_MOCK_ADMIN_TOKEN. (see 'rufus-mock serve --help')\n"
    )
    for done in (run("serve", "--admin-token", token), run("serve", RUFUS_MOCK_ADMIN_TOKEN=token)):
        assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_an_empty_token_is_nothing_to_a_mock_without_an_admin_api() -> None:
    with serving("--no-admin", RUFUS_MOCK_ADMIN_TOKEN="") as (base_url, _):
        assert first_device(base_url)


def test_a_config_with_an_empty_admin_token_is_refused() -> None:
    with pytest.raises(ValueError, match="admin_token is empty: give a token, or None"):
        Config(admin_token="")
    assert Config(admin_token=None).admin_token is None
