"""Options and configuration that cannot be used are errors in one line."""

import pytest

from tests.testing.assumptions.conftest import Inner

pytest_plugins = ["pytester"]

INI = "--override-ini=rufus_accepted_assumptions="

CASES = {
    "mode": (
        ["--rufus-assumptions=stict"],
        "--rufus-assumptions: expected report, flip or strict, found 'stict'; did you mean strict?",
    ),
    "file without a mode": (
        ["--rufus-assumptions-html=out.html"],
        "--rufus-assumptions-html: needs --rufus-assumptions=report, flip or strict",
    ),
    "folder": (
        ["--rufus-assumptions=report", "--rufus-assumptions-json=."],
        "--rufus-assumptions-json: expected a file, found the folder '.'",
    ),
    "no name": (
        ["--rufus-assumptions=report", "--rufus-assumptions-json="],
        "--rufus-assumptions-json: expected a file, found ''",
    ),
    "no folder": (
        ["--rufus-assumptions=report", "--rufus-assumptions-json=test_it.py/out.json"],
        "--rufus-assumptions-json: cannot create the folder of 'test_it.py/out.json': File exists",
    ),
    "id": (
        ["--rufus-assumptions=report", f"{INI}insert.duplicate"],
        "rufus_accepted_assumptions: insert.duplicate: expected an assumption such as insert.duplicates or "
        "insert.empty-list or insert.status; rufus-mock assumptions lists all, found 'insert.duplicate'",
    ),
    "id with a variant": (
        ["--rufus-assumptions=strict", f"{INI}insert.statuses=201"],
        "rufus_accepted_assumptions: insert.statuses: expected an assumption such as insert.status or "
        "insert.duplicates or insert.other-times; rufus-mock assumptions lists all, found 'insert.statuses'",
    ),
    "variant": (
        ["--rufus-assumptions=strict", f"{INI}insert.duplicates=last-win"],
        "rufus_accepted_assumptions: insert.duplicates: expected one of last-wins, first-stays, both-kept, 409, found "
        "'last-win'",
    ),
    "pattern": (
        ["--rufus-assumptions=strict", f"{INI}inserts.*"],
        "rufus_accepted_assumptions: inserts.*: expected a pattern of ids such as insert.*, found 'inserts.*'",
    ),
    "variant of a pattern": (
        ["--rufus-assumptions=strict", f"{INI}reads.f*=inclusiv"],
        "rufus_accepted_assumptions: reads.f*: expected one of inclusive, exclusive, always, not-always, found "
        "'inclusiv'",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), CASES.values(), ids=list(CASES))
def test_a_usage_error_says_what_is_expected(inner: Inner, arguments: list[str], message: str) -> None:
    result = inner("def test_it(): pass\n", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (error,) = [line for line in result.errlines if line]
    assert error == f"ERROR: {message}"


def test_a_usage_error_stops_a_run_before_it_starts_workers(inner: Inner) -> None:
    result = inner("def test_it(): pass\n", "--rufus-assumptions=all", "-n", "1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [
        "ERROR: --rufus-assumptions: expected report, flip or strict, found 'all'"
    ]
