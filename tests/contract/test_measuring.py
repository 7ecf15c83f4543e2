"""How bench/kit.py measures the kit, keeps results and reports them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.kit import NAMES, Kept, Result, Settings, main, report, run
from tests.contract.mutants import checks_without_pages
from tests.contract.mutants.measuring import measure

pytestmark = pytest.mark.no_cover

DEFECT = NAMES["the_answer_to_a_close_is_a_text"]
SETTINGS = Settings(budget=100, examples=1, whole=False)


def test_a_run_ends_when_the_defect_is_described_unless_it_is_to_go_on() -> None:
    checks = checks_without_pages("closeSession")
    ended = measure(DEFECT, examples=1, checks=checks)
    whole = measure(DEFECT, examples=1, checks=checks, whole=True)
    assert ended.after is not None
    assert ended.after == ended.requests == whole.after
    assert whole.requests > whole.after
    assert DEFECT.is_described_by(ended.findings[-1])


def test_a_defect_that_is_not_described_costs_a_whole_run() -> None:
    defect = NAMES["a_key_may_go_on"]
    measured = measure(defect, examples=1, checks=checks_without_pages("closeSession"), budget=40)
    assert (measured.after, measured.findings, measured.broken) == (None, [], [])
    assert measured.requests == 40


def test_results_are_kept_in_a_file_and_read_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "results.jsonl")
    result = run(SETTINGS, (DEFECT.name, 1))
    assert (result.seen, result.found, result.broken) == (True, True, ())
    assert list(kept.results()) == []
    kept.add(result)
    assert list(kept.results()) == [result]


def test_the_report_has_a_line_for_each_defect_and_each_class() -> None:
    results = [
        Result(DEFECT.name, 1, SETTINGS, True, True, 12, 12, ()),
        Result(DEFECT.name, 2, SETTINGS, True, True, 20, 20, ()),
        Result("a_key_may_go_on", 1, SETTINGS, False, False, None, 100, ()),
    ]
    lines = [" ".join(line.split()) for line in report(results)]
    assert lines == [
        "the_answer_to_a_close_is_a_text 2 runs: 2 seen 2 found 2 described, after 16 (at most 20) requests, 16 a run",
        "a_key_may_go_on 1 runs: 0 seen 0 found 0 described, never, 100 a run",
        "",
        "junk 2 runs: 2 seen 2 found 2 described, after 16 (at most 20) requests, 16 a run",
        "keys 1 runs: 0 seen 0 found 0 described, never, 100 a run",
        "all 3 runs: 2 seen 2 found 2 described, after 16 (at most 20) requests, 20 a run",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "sessions"], "sessions is neither a class (writes, ways, values"),
        (["--budget", "0"], "give a number of requests, or none"),
        (["--budget", "few"], "give a number of requests, or none"),
    ],
)
def test_wrong_options_get_a_clear_error(arguments: list[str], message: str) -> None:
    ran = CliRunner().invoke(main, arguments)
    assert ran.exit_code == 2
    assert message in ran.output
