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
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rufus_mock.assumptions import Assumptions
from rufus_mock.assumptions.registry import STATEMENTS
from rufus_mock.calibration.laboratory.probe import Probe
from rufus_mock.calibration.probes import PROBES
from rufus_mock.calibration.run import Result, calibrate
from rufus_mock.client import specification
from rufus_mock.contract.embedded import FIXTURE, fixture_keys
from rufus_mock.contract.session.options import Options
from rufus_mock.serving.server import Server
from rufus_mock.spec.dialects import DIALECTS
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api

Chosen = Mapping[str, str]

SLOW = ("access.rate-limit",)
"""Assumptions whose variants make every run slow: they are chosen only alone."""


QUICK = tuple(probe for probe in PROBES if not probe.once)
"""The probes without those that send very much."""


class Bench:
    """A served mock whose variants change from run to run."""

    def __init__(self, dialect: str, fixture: str = FIXTURE) -> None:
        self.dialect = dialect
        app = create_app(Config(fixtures=(fixture,), dialect=dialect))
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

    @property
    def base_url(self) -> str:
        return f"{self._server.url}{self.api.contract.base_path}"

    def calibrate(self, chosen: Chosen, *, writes: bool = True, probes: Sequence[Probe] = PROBES) -> Result:
        """The result of a run that reached its end."""
        self.choose(chosen)
        result = calibrate(Options(self.base_url, self._keys, allow_writes=writes), probes=probes)
        assert not result.left_behind, result.left_behind
        assert not result.stopped, result.stopped
        assert not result.defects, result.defects[0]
        return result

    def verdicts(self, chosen: Chosen, **options: Any) -> dict[str, dict[str, Any]]:
        """The verdicts on a mock with these variants."""
        verdicts: dict[str, dict[str, Any]] = self.calibrate(chosen, **options).profile["assumptions"]
        return verdicts

    def wrong(self, chosen: Chosen, probes: Sequence[Probe] | None = None) -> list[str]:
        """What is wrong with the verdicts on a mock with these variants, a line each.

        probes: by default all but those that make a run slow, unless one of their assumptions is chosen.
        """
        lines = []
        slow = any(id in chosen for id in SLOW)
        probes = probes or [probe for probe in PROBES if slow or not set(probe.ids) & set(SLOW)]
        verdicts = self.verdicts(chosen, probes=probes)
        for id in STATEMENTS:
            if not any(id in probe.ids for probe in probes):
                continue
            verdict = verdicts[id]
            variant, _, text = Assumptions(self.dialect, chosen).variant(id).partition(":")
            if verdict["verdict"] == "measured" and verdict["variant"] == variant:
                continue
            if verdict["verdict"] == "not-reached" and unreachable(id, variant, Assumptions(self.dialect, chosen)):
                continue
            lines.append(f"{self.dialect}: {id}={variant}:{text}: {str(verdict)[:600]}")
        return lines


def unreachable(id: str, variant: str, assumptions: Assumptions) -> bool:
    """Whether no request to the fixture tells this variant apart, given the others."""
    chosen = assumptions.variant
    if assumptions.dialect not in specification().assumptions[id].dialects:
        return True
    reasons = {
        "events.pagination": chosen("events.path") == "none",
        "devices.bind-again-text": chosen("devices.bind-again") == "200",
        "insert.inserted-count": chosen("insert.duplicates") != "first-stays"
        and chosen("insert.bad-entry") == "all-refused",
        "insert.below-millisecond": chosen("insert.other-times") == "as-sent"
        and chosen("insert.time-without-offset") in ("as-sent", "400"),
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
    parser.add_argument("--quick", action="store_true", help="without the probes that send very much")
    given = parser.parse_args()
    failed = done = 0
    for dialect in given.dialect or DIALECTS:
        bench = Bench(dialect)
        for chosen in combinations(given.what, given.number, given.seed, dialect):
            if given.only and not any(id.startswith(given.only) for id in chosen):
                continue
            lines = bench.wrong(chosen, QUICK if given.quick else None)
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
