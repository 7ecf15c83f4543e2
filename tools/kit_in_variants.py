"""Runs the contract kit on the mock in every variant, and prints the variants in which a run is not green.

    python -m tools.kit_in_variants [--examples 5] [--dialect pages] [--random 20] [reads.first sessions.duration=...]

Each run has one variant that is not the default, in one dialect, with writes and all keys. `--random N` adds N runs in
which every assumption has a random variant. A run is green if the kit's exit status is 0: no drift, no defect of the
kit, and a target that it could compare. The exit status of this script is 1 if a run is not green.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rufus_mock.client import specification
from rufus_mock.contract import CouldNotRun, Options, run_contract
from rufus_mock.contract.checks import Check
from rufus_mock.contract.embedded import FIXTURE, fixture_keys
from rufus_mock.serving.server import Server
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config, create_app

EXAMPLES = 5


@dataclass(frozen=True)
class Case:
    """One run: a dialect and the chosen variants."""

    dialect: str
    chosen: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.dialect} {' '.join(f'{id}={variant}' for id, variant in self.chosen.items()) or 'defaults'}"


def single_cases(dialects: Sequence[str] = DIALECTS) -> Iterator[Case]:
    """Each variant that is not the default of its dialect, alone."""
    for dialect in dialects:
        for id, assumption in specification().assumptions.items():
            if dialect in assumption.dialects:
                for variant in assumption.variants:
                    if variant != assumption.default[dialect]:
                        yield Case(dialect, {id: variant})


def random_case(dialect: str, seed: int) -> Case:
    """A random variant of every assumption."""
    chance = random.Random(seed)
    return Case(dialect, {id: chance.choice(list(each.variants)) for id, each in specification().assumptions.items()})


def problems(case: Case, examples: int = EXAMPLES, seed: int = 0, checks: Sequence[Check] = ()) -> list[str]:
    """Why a run of these checks, or of all, on a mock with these variants is not green; empty if it is."""
    app = create_app(Config(fixtures=(FIXTURE,), dialect=case.dialect, assumptions=case.chosen))
    with Server(app) as server:
        url = f"{server.url}{app.extensions['rufus_mock'].contract.base_path}"
        options = Options.for_target(url, fixture_keys(), embedded=True, seed=seed, examples=examples)
        try:
            report = run_contract(options, checks=checks)
        except CouldNotRun as error:
            return [f"could not run: {error}"]
    found = [
        f"drift: {each.rests_on} {each.pointer} ({each.check}): expected {each.expected[:90]}, found {each.actual[:90]}"
        for each in report.drift
    ]
    found += [f"left behind: {each}" for each in report.left_behind]
    if report.dialect != case.dialect:
        found.append(f"taken for the dialect {report.dialect}")
    found += [f"defect: {each}" for each in report.defects]
    return found + ([f"stopped: {report.stopped}"] if report.stopped else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="ids, each with =variant or without; all if none is given")
    parser.add_argument("--dialect", choices=DIALECTS, help="only this dialect")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="examples for each property")
    parser.add_argument("--random", type=int, default=0, help="further runs, with random variants of all assumptions")
    parser.add_argument("--seed", type=int, default=0, help="seed of the kit, and of the random variants")
    given = parser.parse_args()
    dialects = (given.dialect,) if given.dialect else DIALECTS
    cases = [case for case in single_cases(dialects) if not given.only or _wanted(case, given.only)]
    if not given.only:
        cases = [Case(dialect, {}) for dialect in dialects] + cases
    cases += [random_case(dialect, given.seed + number) for dialect in dialects for number in range(given.random)]
    red = 0
    for case in cases:
        began = time.monotonic()
        found = problems(case, given.examples, given.seed)
        red += bool(found)
        print(f"{'not green' if found else 'green    '} {time.monotonic() - began:4.1f} s  {case}", flush=True)
        for each in found:
            print(f"    {each}", flush=True)
    print(f"{len(cases) - red} of {len(cases)} runs are green")
    return 1 if red else 0


def _wanted(case: Case, only: Sequence[str]) -> bool:
    ((id, variant),) = case.chosen.items()
    return id in only or f"{id}={variant}" in only


if __name__ == "__main__":
    sys.exit(main())
