"""python -m bench.kit: how often, and how soon, the contract kit finds the defects in tests/contract/mutants/classes.

Each run is a server with one defect on a socket, and the kit with writes and all keys. A defect is `seen` if a finding
fails the run, `found` if such a finding is at the right operation, and `described` if it also names the statement and
the field. A run ends as soon as the defect is described, or with --whole when the kit is done.

    python -m bench.kit --only writes --only last_0_is_no_bound --seeds 3 --budget 1000
    python -m bench.kit --faultless 100 --examples 10
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import click

from rufus_mock.base.defaults import EXAMPLES_EMBEDDED
from rufus_mock.contract import BREAKING
from rufus_mock.spec.dialects import DIALECTS
from tests.contract.mutants.classes import DEFECTS, SUBJECTS, Defect
from tests.contract.mutants.faultless import Faultless
from tests.contract.mutants.measuring import measure

NAMES = {defect.name: defect for defect in DEFECTS}


@dataclass(frozen=True)
class Settings:
    """How the kit runs. budget: None for no limit."""

    budget: int | None
    examples: int
    whole: bool


@dataclass(frozen=True)
class Result:
    """One run on one defect. after: the requests until it was described; None if it was not."""

    name: str
    seed: int
    settings: Settings
    seen: bool
    found: bool
    after: int | None
    requests: int
    broken: tuple[str, ...]


def run(settings: Settings, case: tuple[str, int]) -> Result:
    name, seed = case
    measured = measure(NAMES[name], seed=seed, budget=settings.budget, examples=settings.examples, whole=settings.whole)
    seen = any(finding.kind == BREAKING for finding in measured.findings)
    found = any(NAMES[name].is_found_by(finding) for finding in measured.findings)
    return Result(name, seed, settings, seen, found, measured.after, measured.requests, tuple(measured.broken))


class Kept:
    """The results of earlier calls in a file, one a line, so that an interrupted measurement can go on."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def results(self) -> Iterator[Result]:
        if self._path and self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                read = json.loads(line)
                yield Result(**{**read, "settings": Settings(**read["settings"]), "broken": tuple(read["broken"])})

    def add(self, result: Result) -> None:
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(result)) + "\n")


def measured(defects: Sequence[Defect], seeds: int, settings: Settings, kept: Kept, processes: int) -> list[Result]:
    """The results of all runs; those that are in the file are not repeated."""
    cases = [(defect.name, seed) for defect in defects for seed in range(1, seeds + 1)]
    known = {(each.name, each.seed): each for each in kept.results() if each.settings == settings}
    results = [known[case] for case in cases if case in known]
    missing = [case for case in cases if case not in known]
    with get_context("spawn").Pool(processes) as pool:
        for result in pool.imap_unordered(partial(run, settings), missing):
            kept.add(result)
            results.append(result)
            print(f"\r{len(results)} of {len(cases)} runs", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def report(results: Sequence[Result]) -> Iterator[str]:
    """A line for each defect, by class, and a summary of each class."""
    for subject in SUBJECTS:
        of_subject = [each for each in results if NAMES[each.name].subject == subject]
        for name in dict.fromkeys(each.name for each in sorted(of_subject, key=lambda each: each.name)):
            yield _line(f"  {name}", [each for each in of_subject if each.name == name])
    yield ""
    for subject in SUBJECTS:
        of_subject = [each for each in results if NAMES[each.name].subject == subject]
        if of_subject:
            yield _line(subject, of_subject)
    yield _line("all", results)


def _line(label: str, results: Sequence[Result]) -> str:
    after = [each.after for each in results if each.after is not None]
    soon = f"after {median(after):.0f} (at most {max(after)}) requests" if after else "never"
    whole = median(each.requests for each in results)
    broken = "".join(f"; broken: {each.broken[0][-120:]!r}" for each in results if each.broken)
    seen, found = sum(each.seen for each in results), sum(each.found for each in results)
    counts = f"{len(results):3} runs: {seen:3} seen {found:3} found {len(after):3} described"
    return f"{label:62}{counts}, {soon}, {whole:.0f} a run{broken}"


def false_alarms(runs: int, settings: Settings, processes: int) -> int:
    """Runs the kit on servers without a defect, and prints what it wrongly finds. Returns in how many runs."""
    wrong = 0
    with get_context("spawn").Pool(processes) as pool:
        for server in (Faultless(dialect, otherwise) for otherwise in (False, True) for dialect in DIALECTS):
            judge = partial(server.false_alarms, examples=settings.examples, budget=settings.budget)
            results = list(pool.imap(judge, range(1, runs + 1)))
            red = sum(map(bool, results))
            print(f"{server}: {red} of {runs} runs with false alarms", flush=True)
            for seed, alarms in enumerate(results, 1):
                for alarm in alarms:
                    print(f"    seed {seed}: {alarm}", flush=True)
            wrong += red
    return wrong


def _budget(_: click.Context, __: click.Parameter, value: str) -> int | None:
    if value == "none":
        return None
    if not value.isdigit() or not int(value):
        raise click.BadParameter("give a number of requests, or none")
    return int(value)


@click.command(help=__doc__)
@click.option("--seeds", default=20, show_default=True, help="runs on each defect")
@click.option("--only", multiple=True, metavar="CLASS|NAME", help="only a class or a defect; can be repeated")
@click.option("--budget", default="none", show_default=True, callback=_budget, help="requests of a run, or none")
@click.option("--examples", default=EXAMPLES_EMBEDDED, show_default=True, help="examples for each property")
@click.option("--whole", is_flag=True, help="do not end a run when the defect is described")
@click.option("--faultless", default=0, metavar="N", help="instead, N runs on each of four servers without a defect")
@click.option(
    "--results", type=click.Path(path_type=Path, dir_okay=False), help="keep results here, and go on from them"
)
@click.option("--processes", default=2, show_default=True)
def main(
    seeds: int,
    only: tuple[str, ...],
    budget: int | None,
    examples: int,
    whole: bool,
    faultless: int,
    results: Path | None,
    processes: int,
) -> None:
    settings = Settings(budget, examples, whole)
    if faultless:
        sys.exit(1 if false_alarms(faultless, settings, processes) else 0)
    unknown = [name for name in only if name not in NAMES and name not in SUBJECTS]
    if unknown:
        raise click.BadParameter(
            f"{unknown[0]} is neither a class ({', '.join(SUBJECTS)}) nor a defect", param_hint="--only"
        )
    defects = [each for each in DEFECTS if not only or each.name in only or each.subject in only]
    for line in report(measured(defects, seeds, settings, Kept(results), processes)):
        print(line)


if __name__ == "__main__":
    main()
