"""The tables of the docs, written from the contract: what is documented, observed, assumed.

`make docs` writes them anew between their markers; a test holds that they are up to date.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .specification import Operation, Specification

_MARKERS = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
_DOCUMENTS = ("README.md", "docs/fidelity.md")


def endpoints(specification: Specification) -> str:
    """The table of operations for the README."""
    rows = [
        f"| {operation.summary} | `{operation.method} {operation.path}` | {_access(operation)} "
        f"| {_evidence(operation.success.evidence, link=False)} |"
        for operation in specification.operations.values()
    ]
    return _table("Operation", "Call", "Key", "Evidence", rows=rows)


def fidelity(specification: Specification) -> str:
    """All statements of the contract, operation by operation."""
    parts = []
    for operation in specification.operations.values():
        parts.append(f"### {operation.summary}\n\n`{operation.method} {operation.path}`, needs {_access(operation)}.\n")
        parts.append(_table("Statement", "Evidence", rows=list(_statements(operation))))
    parts.append("### All operations\n")
    rules = [f"| {rule['statement']} | {_evidence(rule['x-evidence'])} |" for rule in specification.rules]
    errors = [
        f"| {answer.status}: `{answer.text}` | {_evidence(answer.evidence)} |"
        for answer in specification.server_errors.values()
    ]
    limits = [
        f"| {limit['statement'].format_map(limit)} | {_evidence(limit['x-evidence'])} |"
        for limit in specification.limits.values()
    ]
    parts.append(_table("Statement", "Evidence", rows=rules + limits + errors))
    return "\n".join(parts)


def written(text: str, specification: Specification) -> str:
    """A document with its tables made anew."""
    tables = {"endpoints": endpoints, "fidelity": fidelity}
    return _MARKERS.sub(lambda match: f"{match[1]}\n{tables[match[2]](specification).rstrip()}\n\n{match[3]}", text)


def documents(root: Path) -> Iterator[Path]:
    """The documents that hold such tables."""
    for name in _DOCUMENTS:
        yield root / name


def _statements(operation: Operation) -> Iterator[str]:
    for name, schema in operation.query["properties"].items():
        evidence = schema.get("x-evidence")
        if evidence:
            yield f"| Parameter `{name}` | {_evidence(evidence)} |"
    for answer in (operation.success, *operation.errors.values()):
        if answer.status in {400, 403, 413, 500}:
            continue
        yield f"| {answer.status}: the status | {_evidence(answer.evidence)} |"
        yield f"| {answer.status}: the body of `{answer.text}` | {_evidence(answer.schema['x-evidence'])} |"
        for name, schema in answer.schema["properties"].items():
            if "x-evidence" in schema and "title" not in schema:
                yield f"| {answer.status}: its field `{name}` | {_evidence(schema['x-evidence'])} |"
    for rule in operation.rules:
        yield f"| {rule['statement']} | {_evidence(rule['x-evidence'])} |"


def _access(operation: Operation) -> str:
    types = " or ".join(sorted(operation.access.access_types))
    return f"{types}, with {operation.access.permission}" if operation.access.permission else types


def _evidence(evidence: Mapping[str, Any], link: bool = True) -> str:
    level: str = evidence["level"]
    if link and "source" in evidence:
        level = f"[{level}]({evidence['source']})"
    note = evidence.get("note")
    return f"{level}. {note}" if link and note else level


def _table(*heads: str, rows: list[str]) -> str:
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *rows, ""])


def main() -> None:
    """Write the tables of all documents anew."""
    specification = Specification()
    for path in documents(Path(__file__).parent.parent):
        path.write_text(written(path.read_text(encoding="utf-8"), specification), encoding="utf-8")


if __name__ == "__main__":
    main()
