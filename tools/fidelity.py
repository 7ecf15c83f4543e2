"""Generates the tables, lists and diagrams of the docs from the contract, the fixtures and the code.

`make docs` writes them between their markers, and a test checks that they are current.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from rufus_mock.fixtures.builtin import fixture_descriptions
from rufus_mock.spec.answers import Answer
from rufus_mock.spec.assumptions import Assumption
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.operations import Operation

from . import imports

_GROUPS = {
    "access": "Access",
    "device2": "Continued reads (device2)",
    "devices": "Devices",
    "events": "Events",
    "insert": "Inserts",
    "reads": "Reads of passings",
    "requests": "Requests",
    "sessions": "Sessions",
}
"""The heading of each group of assumptions: what their ids begin with."""

_MARKERS = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
_DOCUMENTS = ("README.md", "docs/architecture.md", "docs/assumptions.md", "docs/fidelity.md")


def endpoints(contract: Contract) -> str:
    """The table of operations for the README."""
    rows = [
        f"| {operation.summary} | `{operation.method} {operation.path}` | {_access(operation)} "
        f"| {_evidence(operation.success.evidence, link=False)} |"
        for operation in contract.operations.values()
    ]
    return _table("Operation", "Call", "Key", "Evidence", rows=rows)


def fidelity(contract: Contract) -> str:
    """All statements of the contract, operation by operation."""
    parts = []
    for operation in contract.operations.values():
        parts.append(f"### {operation.summary}\n\n`{operation.method} {operation.path}`, needs {_access(operation)}.\n")
        parts.append(_table("Statement", "Evidence", rows=list(_statements(operation))))
    parts.append("### All operations\n")
    rules = [_rule(rule) for rule in contract.rules]
    errors = [
        f"| {answer.status}: `{answer.text}` | {_evidence(answer.evidence)} |"
        for answer in contract.server_errors.values()
    ]
    limits = [
        f"| {limit['statement'].format_map(limit)} | {_evidence(limit['x-evidence'])} |"
        for limit in contract.limits.values()
    ]
    parts.append(_table("Statement", "Evidence", rows=rules + limits + errors))
    return "\n".join(parts)


def assumptions(contract: Contract) -> str:
    """All assumptions with their variants, group by group."""
    parts = []
    for group, members in groupby(contract.assumptions.values(), key=lambda each: each.id.partition(".")[0]):
        parts.append(f"### {_GROUPS[group]}\n")
        parts += map(_assumption, members)
    return "\n".join(parts)


def fixtures(_: Contract) -> str:
    """The list of built-in fixtures with their descriptions."""
    return "\n".join(f"- `{name}`: {description}" for name, description in fixture_descriptions().items())


def folders(_: Contract) -> str:
    """The diagram of the folders of the package and their imports."""
    return imports.diagram()


def written(text: str, contract: Contract) -> str:
    """A document with its generated parts replaced by current ones."""
    tables = {
        "assumptions": assumptions,
        "endpoints": endpoints,
        "fidelity": fidelity,
        "fixtures": fixtures,
        "folders": folders,
    }
    return _MARKERS.sub(lambda match: f"{match[1]}\n{tables[match[2]](contract).rstrip()}\n\n{match[3]}", text)


def documents(root: Path) -> Iterator[Path]:
    """The documents with generated parts."""
    for name in _DOCUMENTS:
        yield root / name


def _statements(operation: Operation) -> Iterator[str]:
    for name, schema in operation.query["properties"].items():
        evidence = schema.get("x-evidence")
        if evidence:
            yield f"| Parameter `{name}` | {_evidence(evidence)} |"
    for answer in (operation.success, *operation.errors.values()):
        if answer.status in {400, 403, 413, 429, 500}:
            continue
        yield f"| {answer.status}: the status | {_evidence(answer.evidence)} |"
        yield f"| {answer.status}: the body of `{answer.text}` | {_evidence(answer.schema['x-evidence'])} |"
        for name, schema in answer.schema["properties"].items():
            if "x-evidence" in schema and "title" not in schema:
                yield f"| {answer.status}: its field `{name}`{_where(schema)} | {_evidence(schema['x-evidence'])} |"
        yield from _in_openapi(answer)
    for rule in operation.rules:
        yield _rule(rule)


def _in_openapi(answer: Answer) -> Iterator[str]:
    """What differs in the dialect "openapi"."""
    start = f"| {answer.status}, dialect `openapi`: "
    other = answer.schema.get("x-openapi", {})
    if "required" in other:
        yield f"{start}only {_names(other['required'])} are required | {_evidence(other['x-evidence'])} |"
    entry = answer.schema["properties"].get("result", {}).get("items", {}).get("x-openapi")
    if entry:
        fields = _names(entry["properties"])
        yield f"{start}an entry is a `{entry['title']}`, with the fields {fields} | {_evidence(entry['x-evidence'])} |"
        for name, schema in entry["properties"].items():
            if "note" in schema["x-evidence"]:
                yield f"{start}the field `{name}` of an entry | {_evidence(schema['x-evidence'])} |"


def _rule(rule: Mapping[str, Any]) -> str:
    return f"| {rule['statement']}{_where(rule)} | {_evidence(rule['x-evidence'])} |"


def _where(statement: Mapping[str, Any]) -> str:
    """The dialects in which a statement holds, if not in all."""
    return f" (dialect {_names(statement['x-dialects'])})" if "x-dialects" in statement else ""


def _assumption(each: Assumption) -> str:
    where = f", only in the dialect {_names(each.dialects)}" if len(each.dialects) == 1 else ""
    rows = [
        f"| `{variant.id}` | {variant.sentence}{_default(each, variant.id)} |" for variant in each.variants.values()
    ]
    return (
        f"#### {each.id}\n\n{each.statement} Operations: {_operations(each)}{where}. Measured by: "
        f"{each.measured_by[0].lower()}{each.measured_by[1:]}\n\n" + _table("Variant", "Behaviour", rows=rows)
    )


def _operations(each: Assumption) -> str:
    if not each.operations:
        return "none, as no operation is reached"
    return "all" if len(each.operations) == len(Contract().operations) else _names(each.operations)


def _default(each: Assumption, variant: str) -> str:
    dialects = [dialect for dialect in each.dialects if each.default[dialect] == variant]
    if not dialects:
        return ""
    return (
        " **Default.**" if len(dialects) == len(each.dialects) else f" **Default in the dialect {_names(dialects)}.**"
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _access(operation: Operation) -> str:
    types = " or ".join(sorted(operation.access.access_types))
    return f"{types}, with {operation.access.permission}" if operation.access.permission else types


def _evidence(evidence: Mapping[str, Any], link: bool = True) -> str:
    level: str = evidence["level"]
    if link and "source" in evidence:
        level = f"[{level}]({evidence['source']})"
    note = evidence.get("note")
    if not link or not (note or "assumptions" in evidence):
        return level
    switches = ", ".join(f"[`{id}`](assumptions.md#{id.replace('.', '')})" for id in evidence.get("assumptions", ()))
    return f"{level}.{' ' + note if note else ''}{' Switch: ' + switches + '.' if switches else ''}"


def _table(*heads: str, rows: list[str]) -> str:
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *rows, ""])


def main() -> None:
    """Regenerate the generated parts of all documents."""
    contract = Contract()
    for path in documents(Path(__file__).parent.parent):
        path.write_text(written(path.read_text(encoding="utf-8"), contract), encoding="utf-8")


if __name__ == "__main__":
    main()
