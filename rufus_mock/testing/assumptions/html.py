"""The report as one HTML page."""

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from string import Template

from .content import Section, flip_overview, gaps, next_steps, number, overview, sections, verdict
from .results import FAILED, PASSED, Flip, Results
from .settings import FLIP, Settings

_VARIANTS = ("Variant", "Meaning", "In the tests")
_RERUNS = ("Variant", "Test", "Result", "Reason")
_TESTS = ("Test", "Result", "Variant", "Requests", "Such as")


def page(results: Results, settings: Settings) -> str:
    """One page that needs no other file: styles inside, no script, nothing from the network."""
    found = sections(results, settings)
    shown = sorted(found, key=lambda section: not section.flips_without_a_pass)
    template = Template(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        overview=escape(overview(results)),
        flips=f'<p class="verdict">{escape(flip_overview(results))}</p>' if settings.mode == FLIP and found else "",
        contents=_list(
            f'<a href="#{escape(section.id)}">{escape(section.id)}</a> {_count(section)}{_failing(section)}'
            for section in shown
        ),
        sections="\n".join(_section(section, settings) for section in shown),
        gaps=_part("What may be missing", _list(map(escape, gaps(results, settings)))),
        steps=_part("What to do next", "".join(_steps(found, settings)) if found else ""),
    )


def _section(section: Section, settings: Settings) -> str:
    variants = [
        _row(_VARIANTS, [_code(name), escape(sentence), "in force" if in_force else ""], "force" if in_force else "")
        for name, sentence, in_force in section.variants
    ]
    accepted = "" if section.refused else " Accepted by the configuration."
    id = escape(section.id)
    return "".join(
        [
            f'<section aria-labelledby="{id}">\n<h2 id="{id}">{id}</h2>\n',
            f"<p>{escape(section.listed['statement'])}</p>\n",
            _table("Variants", _VARIANTS, variants),
            f'<p class="soft">Measured by: {escape(section.listed["measured_by"])}{accepted}</p>\n',
            _flips(section),
            _tests(section, is_open=settings.mode != FLIP),
            "</section>",
        ]
    )


def _flips(section: Section) -> str:
    """A row for each rerun, and one for all tests that pass under a variant: there may be hundreds of them."""
    rows = [
        _row(_RERUNS, [_code(flip.variant), _code(flip.nodeid), _result(flip), escape(flip.reason or "")])
        for flip in section.flips_without_a_pass
    ]
    passed: dict[str, list[Flip]] = {}
    for flip in section.flips:
        if flip.outcome == PASSED:
            passed.setdefault(flip.variant, []).append(flip)
    for variant, flips in passed.items():
        result = _result(flips[0]) if len(flips) == 1 else '<span class="good">pass</span>'
        rows.append(_row(_RERUNS, [_code(variant), _folded(flips), result, ""]))
    return _table("Tests under other variants", _RERUNS, rows) if rows else ""


def _folded(flips: list[Flip]) -> str:
    names = [_code(flip.nodeid) for flip in flips]
    if len(names) == 1:
        return names[0]
    return f"<details><summary>{number(len(names), 'test')}</summary>{'<br>'.join(names)}</details>"


def _result(flip: Flip) -> str:
    kind = {PASSED: "good", FAILED: "half" if flip.repeatable is False else "bad"}.get(flip.outcome, "half")
    return f'<span class="{kind}">{escape(verdict(flip))}</span>'


def _tests(section: Section, is_open: bool) -> str:
    rows = [
        _row(
            _TESTS,
            [
                _code(test.nodeid),
                test.outcome,
                _code(use.variant),
                str(use.requests),
                "<br>".join(map(_code, use.examples)),
            ],
        )
        for test, use in section.tests
    ]
    opened = " open" if is_open else ""
    count = len({test.nodeid for test, _ in section.tests})
    depend = f"{number(count, 'test')} {'depends' if count == 1 else 'depend'} on it"
    return (
        f"<details{opened}><summary>{depend}</summary>\n{_table('Tests that depend on it', _TESTS, rows)}</details>\n"
    )


def _table(caption: str, columns: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f"<table><caption>{caption}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody></table>\n"
    )


def _row(columns: Iterable[str], cells: Iterable[str], kind: str = "") -> str:
    """A row of a table. On a narrow screen each cell is a line that begins with the name of its column."""
    named = [f' data-column="{column}">{cell}' for column, cell in zip(columns, cells, strict=True)]
    start = f'<tr class="{kind}">' if kind else "<tr>"
    return f'{start}<th scope="row"{named[0]}</th>{"".join(f"<td{cell}</td>" for cell in named[1:])}</tr>\n'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _steps(found: list[Section], settings: Settings) -> Iterator[str]:
    for reason, steps in next_steps(found, settings):
        yield f"<p>{escape(reason)}</p>\n<pre><code>{escape(chr(10).join(steps))}</code></pre>\n"


def _part(title: str, content: str) -> str:
    return f"<section>\n<h2>{title}</h2>\n{content}</section>" if content else ""


def _list(items: Iterable[str]) -> str:
    text = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>\n{text}</ul>\n" if text else ""


def _count(section: Section) -> str:
    return number(len({test.nodeid for test, _ in section.tests}), "test")


def _failing(section: Section) -> str:
    failing = len({flip.nodeid for flip in section.flips if flip.outcome == FAILED and flip.repeatable is not False})
    return (
        f', <span class="bad">{failing} {"fails" if failing == 1 else "fail"} under other variants</span>'
        if failing
        else ""
    )
