"""The report as pytest prints it."""

import textwrap
from collections.abc import Iterable, Iterator

import pytest

from .content import Section, flip_overview, flip_text, gaps, next_steps, number, overview, sections
from .flips import Flips
from .results import FAILED, PASSED, Flip, Results, Test
from .settings import FLIP, STRICT, Settings
from .usage import Use

TITLE = "rufus assumptions"

_NARROWEST, _WIDEST = 40, 120
_FEW = 10
"""How many tests are listed for an assumption without -v."""

Line = tuple[str, dict[str, bool]]
"""A line and its markup, which pytest applies if it prints colours at all."""


def announce(config: pytest.Config, flips: Flips) -> None:
    """Say that tests are about to run again."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    groups = flips.groups()
    if reporter is not None and groups:
        tests = {test.nodeid for tests in groups.values() for test in tests}
        if config.get_terminal_writer().width_of_current_line:
            reporter.write("\n")
        reporter.write_line(
            f"{TITLE}: running {number(len(tests), 'test')} again under {number(len(groups), 'variant')}"
        )


def print_summary(
    reporter: "pytest.TerminalReporter", results: Results, settings: Settings, problems: Iterable[str]
) -> None:
    """Print the report after the run."""
    writer = reporter.config.get_terminal_writer()
    width = min(max(writer.fullwidth, _NARROWEST), _WIDEST)
    everything = reporter.config.get_verbosity() > 0
    reporter.write_sep("=", TITLE)
    for text, markup in [
        *_summary(results, settings, width, everything),
        *((f"{TITLE}: {problem}", {"red": True}) for problem in problems),
    ]:
        reporter.write_line(text, **markup)


def _summary(results: Results, settings: Settings, width: int, everything: bool) -> Iterator[Line]:
    found = sections(results, settings)
    yield from _wrapped(overview(results), width=width)
    if settings.mode == FLIP and found:
        yield from _wrapped(flip_overview(results), width=width)
    if settings.mode == STRICT:
        yield from _refused(found, width)
    elif settings.mode == FLIP:
        yield from _flips(found, width, everything)
    else:
        yield from _legend(found)
        for section in found:
            yield from _heading(section, width)
            yield from _tests(section, everything)
    for place, gap in enumerate(gaps(results, settings)):
        if not place:
            yield "", {}
        yield from _wrapped(gap, "! ", width, yellow=True)
    open_questions = [section for section in found if section.refused] if settings.mode == STRICT else found
    steps = list(next_steps(open_questions, settings)) if open_questions else []
    if steps:
        yield from (("", {}), ("What to do next", {"bold": True}))
    for reason, commands in steps:
        yield from _wrapped(reason, "  ", width)
        for command in commands:
            yield from _wrapped(command, "    ", width)
    for kind, path in (("JSON", settings.json), ("HTML", settings.html)):
        if path is not None:
            yield f"{kind}: {path}", {}


def _legend(headed: list[Section]) -> list[Line]:
    """What a star means, if the variants of assumptions are listed."""
    return [("A star marks the variant that was in force.", {})] if headed else []


def _heading(section: Section, width: int) -> Iterator[Line]:
    """An assumption and its variants."""
    yield "", {}
    yield f"{section.id} ({number(len({test.nodeid for test, _ in section.tests}), 'test')})", {"bold": True}
    yield from _wrapped(section.listed["statement"], "  ", width)
    longest = max(len(name) for name, _, _ in section.variants)
    for name, sentence, in_force in section.variants:
        yield from _wrapped(sentence, f"  {'*' if in_force else ' '} {name:{longest}}  ", width)
    yield from _wrapped(section.listed["measured_by"], "  measured by: ", width)


def _refused(found: list[Section], width: int) -> Iterator[Line]:
    refused = [section for section in found if section.refused]
    yield from _wrapped(
        f"The configuration accepts {len(found) - len(refused)} of these assumptions and not {len(refused)}.",
        width=width,
    )
    yield from _legend(refused)
    for section in refused:
        yield from _heading(section, width)


def _tests(section: Section, everything: bool) -> Iterator[Line]:
    shown = section.tests if everything else section.tests[:_FEW]
    for test, use in shown:
        yield f"  {test.nodeid} ({_described(test, use, section)})", {}
        if everything:
            yield from ((f"    {example}", {}) for example in use.examples)
    if len(shown) < len(section.tests):
        yield f"  and {len(section.tests) - len(shown)} more (-v shows all)", {}


def _described(test: Test, use: Use, section: Section) -> str:
    """How often a test depends on an assumption, and what is special about it."""
    parts = [number(use.requests, "request")]
    if len(section.in_force) > 1:
        parts.append(f"{use.variant} in force")
    if test.outcome != PASSED:
        parts.append(test.outcome)
    return ", ".join(parts)


def _flips(found: list[Section], width: int, everything: bool) -> Iterator[Line]:
    """First the assumptions under whose other variants tests fail, then the others in short."""
    yield from _legend([section for section in found if section.flips_without_a_pass])
    for section in found:
        others = section.flips_without_a_pass
        if others:
            yield from _heading(section, width)
        for flip in others:
            red = flip.outcome == FAILED and flip.repeatable is not False
            yield flip_text(flip), {"red": red, "yellow": not red}
            yield from _wrapped(f"{flip.nodeid}: {flip.reason}", "  ", width)
        if others:
            yield from _passed(section, width, everything)
    harmless = [section for section in found if section.flips and all(flip.outcome == PASSED for flip in section.flips)]
    if harmless:
        yield from (("", {}), ("No test fails under other variants of these assumptions", {"bold": True}))
    for section in harmless:
        yield from _passed(section, width, everything)


def _passed(section: Section, width: int, everything: bool) -> Iterator[Line]:
    passed: dict[str, list[Flip]] = {}
    for flip in section.flips:
        if flip.outcome == PASSED:
            passed.setdefault(flip.variant, []).append(flip)
    for variant, flips in passed.items():
        if everything or len(flips) == 1:
            yield from ((flip_text(flip), {"green": True}) for flip in flips)
        else:
            names = ", ".join(flip.name for flip in flips[:_FEW])
            more = f" and {len(flips) - _FEW} more (-v shows all)" if len(flips) > _FEW else ""
            yield from _wrapped(f"{section.id}={variant}: {names}{more} pass", "", width, "  ", green=True)
    if section.untried:
        yield f"{section.id}={section.untried} is not tried, because no text is known", {}


def _wrapped(text: str, start: str = "", width: int = 80, indent: str | None = None, **markup: bool) -> Iterator[Line]:
    """Text in lines that begin below its start, or with an indent. Long words, such as node ids, are not broken."""
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start) if indent is None else indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return ((line, markup) for line in lines)
