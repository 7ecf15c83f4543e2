"""Calibrates mocks with chosen variants, and compares the verdicts with what was chosen.

    python -m tools.calibration single
    python -m tools.calibration pairs
    python -m tools.calibration random --number 300 --seed 1

`single` chooses each variant alone, `pairs` chooses combinations until each pair of variants was in one, `random`
chooses a variant of every assumption. Each is done in both dialects. A line is printed for every verdict that is wrong.
"""

import argparse
import itertools
import random
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from rufus_mock.assumptions import Assumptions
from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.calibration.probes import PROBES
from rufus_mock.calibration.run import calibrate
from rufus_mock.contract.embedded import FIXTURE, fixture_keys
from rufus_mock.contract.session.options import Options
from rufus_mock.serving.server import Server
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api

Chosen = Mapping[str, str]

SLOW = ("access.rate-limit",)
"""Assumptions whose variants make every run slow: they are chosen only alone."""


class Bench:
    """A served mock whose variants change from run to run."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        app = create_app(Config(fixtures=(FIXTURE,), dialect=dialect))
        self.api = Api.of(app)
        self._server = Server(app)
        self._server.start()
        self._keys = fixture_keys()

    def stop(self) -> None:
        self._server.stop()

    def choose(self, chosen: Chosen) -> None:
        assumptions = Assumptions(self.dialect, chosen)
        self.api.world.assumptions = assumptions
        for company in self.api.world.companies.values():
            company.assumptions = assumptions

    def verdicts(self, chosen: Chosen, *, writes: bool = True) -> dict[str, dict[str, str]]:
        """The verdicts on a mock with these variants."""
        self.choose(chosen)
        burst = any(id in chosen for id in SLOW)
        probes = PROBES if burst else [probe for probe in PROBES if not set(probe.ids) & set(SLOW)]
        url = f"{self._server.url}{self.api.contract.base_path}"
        result = calibrate(Options(url, self._keys, allow_writes=writes), probes=probes)
        assert not result.left_behind, result.left_behind
        assert not result.stopped, result.stopped
        assert not result.defects, result.defects[0]
        verdicts: dict[str, dict[str, str]] = result.profile["assumptions"]
        return verdicts

    def wrong(self, chosen: Chosen) -> list[str]:
        """What is wrong with the verdicts on a mock with these variants, a line each."""
        lines = []
        verdicts = self.verdicts(chosen)
        for id, statement in STATEMENTS.items():
            verdict = verdicts[id]
            variant, _, text = Assumptions(self.dialect, chosen).variant(id).partition(":")
            if verdict["verdict"] == "measured" and verdict["variant"] == variant:
                continue
            if verdict["verdict"] == "not-reached" and unreachable(id, variant, Assumptions(self.dialect, chosen)):
                continue
            found = {name: value for name, value in verdict.items() if name not in ("proof", "measured")}
            lines.append(f"{self.dialect}: {id}={variant}: {str(found)[:600]} {text} {len(statement.variants)}")
        return lines


def unreachable(id: str, variant: str, assumptions: Assumptions) -> bool:
    """Whether no request to the fixture tells this variant apart, given the others."""
    chosen = assumptions.variant
    contract = assumptions.dialect
    reasons = {
        "devices.pagination": contract != "pages",
        "events.pagination": contract != "pages" or chosen("events.path") == "none",
        "insert.coordinate-text": contract != "pages",
        "insert.chips": contract != "pages",
        "access.rate-limit": id not in assumptions.chosen,
        "devices.bind-again-text": chosen("devices.bind-again") == "200",
        "insert.inserted-count": chosen("insert.duplicates") != "first-stays"
        and chosen("insert.bad-entry") == "all-refused",
        "reads.equal-times": chosen("reads.time-order") == "by-session",
        "sessions.closes-itself": variant == "yes",
        "events.empty-list": chosen("events.path") == "none",
        "events.past-the-end": chosen("events.path") == "none",
        # Nobody knows the order in which events were stored.
        "events.order": chosen("events.path") == "none" or variant == "latest-first",
        # The only device whose active session is not its newest has a session that closed itself.
        "device2.start": variant in ("newest", "active") and chosen("sessions.closes-itself") == "yes",
    }
    return reasons.get(id, False)


def combinations(what: str, number: int, seed: int, dialect: str) -> Iterator[Chosen]:
    source = random.Random(seed)
    variants = {id: list(statement.variants) for id, statement in STATEMENTS.items()}
    if what == "single":
        for id, names in variants.items():
            yield from ({id: name} for name in names if name != Assumptions(dialect).variant(id))
        return
    for id in SLOW:
        variants.pop(id, None)
    if what == "random":
        for _ in range(number):
            yield {id: source.choice(names) for id, names in variants.items()}
        return
    left = {
        (one, two)
        for (a, xs), (b, ys) in itertools.combinations(variants.items(), 2)
        for one in ((a, x) for x in xs)
        for two in ((b, y) for y in ys)
    }
    while left:
        chosen = _covering(left, variants, source)
        left -= set(itertools.combinations(chosen.items(), 2))
        print(f"{len(left)} pairs left", flush=True)
        yield chosen


def _covering(left: set[Any], variants: Mapping[str, list[str]], source: random.Random) -> dict[str, str]:
    """A combination with many pairs that no combination had yet, in the order of the assumptions."""
    tries: list[tuple[int, int, dict[str, str]]] = []
    for _ in range(20):
        chosen: dict[str, str] = {}
        for id in source.sample(list(variants), len(variants)):
            names = source.sample(variants[id], len(variants[id]))
            chosen[id] = max(
                names,
                key=lambda name: sum(
                    ((o, v), (id, name)) in left or ((id, name), (o, v)) in left for o, v in chosen.items()
                ),
            )
        ordered = {id: chosen[id] for id in variants}
        tries.append((len(left & set(itertools.combinations(ordered.items(), 2))), len(tries), ordered))
    return max(tries)[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("single", "pairs", "random"))
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dialect", choices=DIALECTS, action="append")
    parser.add_argument("--only", help="only ids that begin with this")
    given = parser.parse_args()
    failed = done = 0
    for dialect in given.dialect or DIALECTS:
        bench = Bench(dialect)
        for chosen in combinations(given.what, given.number, given.seed, dialect):
            if given.only and not any(id.startswith(given.only) for id in chosen):
                continue
            lines = bench.wrong(chosen)
            done += 1
            if lines:
                failed += 1
                print(
                    f"{dialect}: {' '.join(f'{id}={name}' for id, name in chosen.items())}" if len(chosen) < 4 else "",
                    *lines,
                    sep="\n  ",
                    flush=True,
                )
        bench.stop()
    print(f"{done} combinations, {failed} with a wrong verdict")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
