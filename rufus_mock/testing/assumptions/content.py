"""What the report says, in any form: for each assumption its variants, its tests and its flips."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...assumptions.statement import CAPTURED, SEPARATOR
from .results import FAILED, PASSED, Flip, Results, Test
from .settings import ACCEPTED, FLIP, OPTION, REPORT, STRICT, Settings
from .usage import Use

CALIBRATE = "rufus-mock calibrate --base-url URL --out profile.json"


@dataclass(frozen=True)
class Section:
    """One assumption that tests depend on.

    listed: the assumption as GET /assumptions lists it. in_force: its variants in force in these tests. refused:
    whether the configuration does not accept it for all of them.
    """

    listed: dict[str, Any]
    tests: list[tuple[Test, Use]]
    flips: list[Flip]
    in_force: list[str]
    refused: bool

    @property
    def id(self) -> str:
        """The id of the assumption."""
        return str(self.listed["id"])

    @property
    def variants(self) -> list[tuple[str, str, bool]]:
        """Each variant, its sentence, and whether it is in force."""
        names = {variant.partition(SEPARATOR)[0] for variant in self.in_force}
        return [(each["id"], each["sentence"], each["id"] in names) for each in self.listed["variants"]]

    @property
    def flips_without_a_pass(self) -> list[Flip]:
        """The reruns that failed or were skipped."""
        return [flip for flip in self.flips if flip.outcome != PASSED]

    @property
    def untried(self) -> str | None:
        """The variant that no test can be flipped to, if the assumption has it."""
        return next((name for name, _, in_force in self.variants if name == CAPTURED and not in_force), None)


def sections(results: Results, settings: Settings) -> list[Section]:
    """The assumptions that tests depend on, those of most tests first."""
    return [
        Section(
            results.catalogue[id],
            tests,
            _in_order([flip for flip in results.flips if flip.id == id], results.catalogue[id]),
            list(dict.fromkeys(use.variant for _, use in tests)),
            not all(settings.accepted.accepts(use.id, use.variant) for _, use in tests),
        )
        for id, tests in results.dependent().items()
    ]


def _in_order(flips: list[Flip], listed: dict[str, Any]) -> list[Flip]:
    """Reruns in the order of the variants, then of the tests. Workers finish in any order."""
    places = [each["id"] for each in listed["variants"]]
    return sorted(flips, key=lambda flip: (places.index(flip.variant), flip.nodeid))


def overview(results: Results) -> str:
    """How many tests depend on assumptions, in one sentence."""
    counts = results.counts()
    return (
        f"{counts['depend']} of {len(results.tests)} tests {'depends' if counts['depend'] == 1 else 'depend'} "
        f"on assumptions, on {len(results.dependent())} in total. "
        f"Of the others, {counts['depend_on_none']} used a mock and {counts['use_no_mock']} did not."
    )


def flip_overview(results: Results) -> str:
    """How the reruns ended, in one sentence."""
    failed = sum(flip.outcome == FAILED and flip.repeatable is not False for flip in results.flips)
    passed = sum(flip.outcome == PASSED for flip in results.flips)
    other = len(results.flips) - failed - passed
    unclear = f", {other} inconclusive" if other else ""
    return f"{number(len(results.flips), 'rerun')} under other variants: {failed} failed, {passed} passed{unclear}."


def flip_text(flip: Flip) -> str:
    """What a rerun showed: insert.duplicates=last-wins: test_resend fails."""
    return f"{flip.id}={flip.variant}: {flip.name} {verdict(flip)}"


def verdict(flip: Flip) -> str:
    """What a test does under a variant."""
    if flip.outcome == PASSED:
        return "passes"
    if flip.outcome != FAILED:
        return "is skipped"
    return "fails, but also without the variant when it is run again" if flip.repeatable is False else "fails"


def gaps(results: Results, settings: Settings) -> Iterator[str]:
    """What the report may miss, and why."""
    notes: dict[str, list[Test]] = {}
    tests_by_id = [test for _, test in sorted(results.tests.items())]
    for test in tests_by_id:
        for note in test.usage.notes:
            notes.setdefault(note, []).append(test)
        if test.usage.lost:
            yield (
                f"{test.nodeid}: the journal dropped {number(test.usage.lost, 'request')} before they were read, so "
                "the test may depend on more. Call forget() during the test, or serve with more --journal-entries."
            )
    for note, tests in notes.items():
        yield f"{number(len(tests), 'test')}: {note}."
    if settings.url is not None:
        yield f"Requests without a known key are not included, because others may use {settings.url} at the same time."
    stopped = [test for test in tests_by_id if test.usage.uses and test.outcome != PASSED]
    if stopped and settings.mode == FLIP:
        yield f"Not run again, because they did not pass: {', '.join(test.nodeid for test in stopped)}."


def next_steps(found: list[Section], settings: Settings) -> Iterator[tuple[str, list[str]]]:
    """What to do next: a reason, and what to enter."""
    if settings.mode == REPORT:
        yield "Does it matter? Run the tests again under the other variants:", [f"pytest {OPTION}={FLIP}"]
    yield (
        "Which variant is true? Measure it on your account (add --allow-writes for what only writes show):",
        [CALIBRATE],
    )
    entries = [f'"{section.id}={variant}"' for section in found if section.refused for variant in section.in_force]
    if entries:
        steps = [f"{ACCEPTED} = [{', '.join(entries)}]"]
        if settings.mode != STRICT:
            steps.append(f"pytest {OPTION}={STRICT}")
        yield "Decided? Accept these in [tool.pytest.ini_options] of pyproject.toml, and let others fail:", steps


def number(count: int, noun: str) -> str:
    """A count and its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
