"""The report as one HTML page."""

from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from string import Template

from .content import Section, flip_overview, gaps, next_steps, number, overview, sections, verdict
from .results import FAILED, PASSED, Flip, Results
from .settings import FLIP, Settings


def page(results: Results, settings: Settings) -> str:
    """One page that needs no other file: styles inside, no script, nothing from the network."""
    found = sections(results, settings)
    template = Template(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        overview=escape(overview(results)),
        flips=f'<p class="verdict">{escape(flip_overview(results))}</p>' if settings.mode == FLIP and found else "",
        contents=_list(
            f'<a href="#{escape(section.id)}">{escape(section.id)}</a> {_count(section)}' for section in found
        ),
        sections="\n".join(_section(section) for section in found),
        gaps=_part("What may be missing", _list(map(escape, gaps(results, settings)))),
        steps=_part("What to do next", "".join(_steps(found, settings)) if found else ""),
    )


def _section(section: Section) -> str:
    variants = [
        _row([_code(name), escape(sentence), "in force" if in_force else ""], "force" if in_force else "")
        for name, sentence, in_force in section.variants
    ]
    accepted = "" if section.refused else " Accepted by the configuration."
    id = escape(section.id)
    return "".join(
        [
            f'<section aria-labelledby="{id}">\n<h2 id="{id}">{id}</h2>\n',
            f"<p>{escape(section.listed['statement'])}</p>\n",
            _table("Variants", ("Variant", "Meaning", "In the tests"), variants),
            f'<p class="soft">Measured by: {escape(section.listed["measured_by"])}{accepted}</p>\n',
            _flips(section.flips),
            _tests(section),
            "</section>",
        ]
    )


def _flips(flips: list[Flip]) -> str:
    if not flips:
        return ""
    rows = [
        _row([_code(flip.variant), _code(flip.nodeid), _result(flip), escape(flip.reason or "")])
        for flip in sorted(flips, key=lambda flip: flip.outcome == PASSED)
    ]
    return _table("Tests under other variants", ("Variant", "Test", "Result", "Reason"), rows)


def _result(flip: Flip) -> str:
    kind = {PASSED: "good", FAILED: "half" if flip.repeatable is False else "bad"}.get(flip.outcome, "half")
    return f'<span class="{kind}">{escape(verdict(flip))}</span>'


def _tests(section: Section) -> str:
    rows = [
        _row(
            [
                _code(test.nodeid),
                test.outcome,
                _code(use.variant),
                str(use.requests),
                "<br>".join(map(_code, use.examples)),
            ]
        )
        for test, use in section.tests
    ]
    table = _table("Tests that depend on it", ("Test", "Result", "Variant", "Requests", "Such as"), rows)
    return f"<details open><summary>{_count(section)}</summary>\n{table}</details>\n"


def _table(caption: str, columns: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<div class="wide" role="region" aria-label="{caption}" tabindex="0"><table><caption>{caption}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody></table></div>\n"
    )


def _row(cells: Iterable[str], kind: str = "") -> str:
    first, *others = cells
    start = f'<tr class="{kind}">' if kind else "<tr>"
    return f'{start}<th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>\n'


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
