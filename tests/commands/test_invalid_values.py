"""Values that no command accepts: each is refused in one short line with exit status 2."""

import os
from pathlib import Path

import click
import pytest

from rufus_mock.cli import COMMANDS, cli
from rufus_mock.contract.report.baseline import Baseline, BaselineError
from rufus_mock.web.app import Config
from tests.commands.forked import run_forked
from tests.commands.test_cli import FREE_PORT, first_device, run, serving

DOWNLOAD = str(Path(__file__).parent.parent.parent / "fixtures" / "documented-start-5k.csv")
LONG = "9" * 5000

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
    done = run_forked(arguments, {**os.environ, **FREE_PORT}, tmp_path)
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
