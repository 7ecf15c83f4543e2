"""Holds an answer against the contract: status, content type, JSON, envelope, text, schema, echoes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from ...client import Reply, specification
from ...dialects import OPENAPI, PAGES, Schema, in_dialect
from ...specification import Answer, Operation
from .findings import ADDITION, Evidence, Finding
from .wording import described, pointer

_MOST_ERRORS = 500
"""Of a page whose passings are all wrong these tell enough."""

_SPACED = re.compile(rb'"(?:[^"\\]|\\.)*"|[:,](?=\s)')


def statement(operation: Operation, answer: Answer) -> str:
    """The name of a statement: this operation answers so."""
    return f"{operation.id} {answer.status} {answer.name}"


def check_answer(
    reply: Reply, operation: Operation, answer: Answer, dialect: str, echo: Mapping[str, Any] | None = None
) -> list[Finding]:
    """All that departs from `answer` in a reply to `operation`. echo: fields that must hold just this value."""
    if reply.status != answer.status:
        return [_wrong_status(reply, operation, answer)]
    evidence = Evidence.of(answer.schema["x-evidence"])
    name = statement(operation, answer)
    # Of some operations nothing is known but that others answer so: then the whole answer is assumed.
    whole_evidence = Evidence.of(answer.evidence) if _wholly_assumed(answer) else None

    def finding(expected: str, actual: str, where: str = "", why: Evidence = evidence, kind: str = "") -> Finding:
        why = whole_evidence or why
        return Finding(kind or why.kind, operation.id, name, expected, actual, why, answer.status, where)

    try:
        whole = reply.json
    except (ValueError, RecursionError) as error:
        content_type = reply.content_type or "no Content-Type"
        return [finding("JSON", f"{content_type}, not JSON ({error}): {described(reply.content[:60])}", "#body")]
    found = []
    if reply.content_type != "application/json":
        found.append(finding("Content-Type application/json", reply.content_type or "none", "#content-type"))
    if any(match.group() in b":," for match in _SPACED.finditer(reply.content)):
        rule = next(rule for rule in specification().rules if rule["id"] == "compact-json")
        spaced = Evidence.of(rule["x-evidence"])
        actual = described(reply.content[:60])
        found.append(
            Finding(
                spaced.kind, operation.id, "compact-json", rule["statement"], actual, spaced, answer.status, "#spaces"
            )
        )
    enveloped = isinstance(whole, dict) and whole.keys() == {"body"}
    if enveloped != (dialect == OPENAPI):
        wanted = '{"body": …}' if dialect == OPENAPI else "a flat body"
        return [*found, finding(f"{wanted}, as this target's other answers", described(whole), "#envelope")]
    body = whole["body"] if enveloped else whole
    found += [finding(*violation) for violation in _violations(answer, dialect, body)]
    found += [
        finding("no such field", f"{last} = {described(value)}", where, evidence, ADDITION)
        for where, last, value in _unknown(_schema(answer, dialect), body)
    ]
    for field, value in (echo or {}).items():
        if isinstance(body, dict) and field in body and body[field] != value and f"/{field}" not in _pointers(found):
            why = _own(answer.schema["properties"].get(field, {}), evidence)
            found.append(finding(described(value), described(body[field]), f"/{field}", why))
    return found


def status_evidence(operation: Operation, answer: Answer, status: int) -> Evidence:
    """What the statement rests on that `answer` comes, and not `status`.

    Where a page shows a body without its status, another status of the same class is no more than a surprise. That
    the operation works at all, and that this error is one, stands on the page all the same.
    """
    evidence = Evidence.of(answer.evidence)
    if evidence.level != "assumed" or _wholly_assumed(answer) or status // 100 == answer.status // 100:
        return evidence
    if answer is operation.success:
        return Evidence.of(operation.evidence)
    return Evidence.of(answer.schema["x-evidence"])


def _wholly_assumed(answer: Answer) -> bool:
    return answer.evidence.get("level") == "assumed" and answer.evidence.get("of") != "status"


def _wrong_status(reply: Reply, operation: Operation, answer: Answer) -> Finding:
    evidence = status_evidence(operation, answer, reply.status)
    documented = {operation.success.status, *(error.status for error in operation.errors.values())}
    kind = evidence.kind
    if kind != "breaking" and reply.status not in documented:
        kind = ADDITION
    return Finding(
        kind,
        operation.id,
        statement(operation, answer),
        f"{answer.status} {answer.text}",
        f"{reply.status} {summary(reply)}",
        evidence,
        answer.status,
        "#status",
    )


def summary(reply: Reply) -> str:
    """What an answer says, in a few words."""
    if reply.dialect and isinstance(reply.body, dict) and isinstance(reply.body.get("description"), str):
        return str(reply.body["description"])[:120]
    return f"{reply.content_type or 'no Content-Type'}: {described(reply.content[:60])}"


@cache
def _schema(answer: Answer, dialect: str) -> Schema:
    """The schema of the body without the envelope."""
    whole = in_dialect(answer.schema, dialect)
    return whole if dialect == PAGES else whole["properties"]["body"]


@cache
def _fast(answer: Answer, dialect: str) -> jsonschema_rs.Validator:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(answer, dialect)}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@cache
def _thorough(answer: Answer, dialect: str) -> Any:
    return _Validator(_schema(answer, dialect), format_checker=FormatChecker(["date-time"]))


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As ECMA-262 reads it: $ is the end, where Python's also stands before a last line feed."""
    del validator, schema
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


def _violations(answer: Answer, dialect: str, body: Any) -> Iterator[tuple[str, str, str, Evidence]]:
    """expected, actual, pointer, evidence. jsonschema-rs says quickly that all is well, jsonschema what is not."""
    if _fast(answer, dialect).is_valid(body):
        return
    seen: set[str] = set()
    for error in islice(_thorough(answer, dialect).iter_errors(body), _MOST_ERRORS):
        path = list(error.absolute_path)
        schema_path = list(error.absolute_schema_path)
        evidence = evidence_at(_schema(answer, dialect), schema_path)
        if error.validator == "required":
            missing = next(name for name in error.validator_value if error.message.startswith(repr(name)))
            own = _own(error.schema["properties"].get(missing, {}), evidence)
            evidence = own.weakened_by(evidence)
            path.append(missing)
            expected, actual = "a value", "missing"
        else:
            expected, actual = _expected(error), described(error.instance)
        where = pointer(path)
        # Five thousand passings without a chip are one departure.
        kind = re.sub(r"/\d+", "/*", where)
        if kind not in seen:
            seen.add(kind)
            yield expected, actual, where, evidence


def evidence_at(schema: Schema, path: Sequence[str | int]) -> Evidence:
    """The nearest x-evidence above the keyword at the end of a schema path."""
    nearest: Mapping[str, Any] = schema.get("x-evidence", {})
    node: Any = schema
    for part in list(path)[:-1]:
        node = node[part]
        if isinstance(node, dict) and isinstance(node.get("x-evidence"), dict):
            nearest = node["x-evidence"]
    return Evidence.of(nearest)


def _own(schema: Schema, otherwise: Evidence) -> Evidence:
    return Evidence.of(schema["x-evidence"]) if "x-evidence" in schema else otherwise


def _expected(error: ValidationError) -> str:
    asked: Any = error.validator_value
    if error.validator == "type":
        return " or ".join([asked] if isinstance(asked, str) else asked)
    if error.validator == "const":
        return described(asked)
    return f"{error.validator} {described(asked)}"


def _unknown(schema: Schema, body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str, Any]]:
    """pointer, name and value of each field that the schema does not have; of a list's entries, once."""
    if isinstance(body, dict) and "properties" in schema:
        for name, value in body.items():
            if name not in schema["properties"]:
                yield pointer([*path, name]), name, value
            else:
                yield from _unknown(schema["properties"][name], value, (*path, name))
    elif isinstance(body, list) and "properties" in schema.get("items", {}):
        known = schema["items"]["properties"].keys()
        seen: set[str] = set()
        for index, entry in enumerate(body):
            if isinstance(entry, dict) and not entry.keys() <= known:
                for where, name, value in _unknown(schema["items"], entry, (*path, index)):
                    if name not in seen:
                        seen.add(name)
                        yield where, name, value


def _pointers(found: Sequence[Finding]) -> set[str]:
    return {finding.pointer for finding in found}
