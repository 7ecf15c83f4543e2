"""Compares an answer with the contract: status, content type, JSON, envelope, text, schema, echoes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...client import Reply, specification
from ...spec.answers import Answer
from ...spec.dialects import OPENAPI
from ...spec.operations import Operation
from ..wording import described, pointer
from . import json_text
from .findings import ADDITION, BREAKING, Evidence, Finding
from .schemas import body_schema, own_evidence, unknown_fields, violations
from .statements import Statement, answer_name, rule

_MAYBE_SPACED = re.compile(rb"[:,]\s")
_SPACED = re.compile(rb'"(?:[^"\\]|\\.)*"|[:,](?=\s)')


def check_answer(
    reply: Reply, operation: Operation, answer: Answer, dialect: str, echo: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Returns every departure from `answer` in a reply to `operation`. echo: fields that must have just this value.

    A success with another status is still compared, if the status is only assumed.
    """
    found = []
    if reply.status != answer.status:
        found.append(_wrong_status(reply, operation, answer))
        if found[0].kind == BREAKING or not reply.status // 100 == answer.status // 100 == 2:
            return found
    return [*found, *_Comparison(reply, operation, answer, dialect).departures(echo or {})]


class _Comparison:
    """An answer with the right status, and the statement that it is compared with."""

    def __init__(self, reply: Reply, operation: Operation, answer: Answer, dialect: str) -> None:
        self._reply = reply
        self._operation = operation
        self._answer = answer
        self._dialect = dialect
        self._evidence = Evidence.of(body_schema(answer, dialect)["x-evidence"])
        # If it is only assumed that the operation gives this answer at all, then so is every part of it.
        self._only_assumed = Evidence.of(answer.evidence) if _wholly_assumed(answer) else None
        self._statement = Statement(answer_name(operation, answer), self._only_assumed or self._evidence)

    def departures(self, echo: Mapping[str, Any]) -> Iterator[Finding]:
        reply = self._reply
        try:
            reading = json_text.read(reply.content)
        except (ValueError, RecursionError) as error:
            yield self._no_json(error)
            return
        if reply.content_type != "application/json":
            yield self._departure("Content-Type application/json", reply.content_type or "none", "#content-type")
        yield from self._spaces()
        whole = reading.value
        enveloped = isinstance(whole, dict) and whole.keys() == {"body"}
        if enveloped != (self._dialect == OPENAPI):
            wanted = '{"body": …}' if self._dialect == OPENAPI else "a flat body"
            yield self._departure(f"{wanted}, as this target's other answers", described(whole), "#envelope")
            return
        body = whole["body"] if enveloped else whole
        try:
            found = [*(self._repeated(body) if reading.unusual else ()), *self._schema(body, reading.unusual)]
        except RecursionError:
            yield self._departure(
                "a body of the documented shape", "a body that nests too deep to be compared", "#body"
            )
            return
        yield from found
        if reply.json_error and not any(finding.kind == BREAKING for finding in found):
            yield self._no_json(reply.json_error)
        yield from self._echoes(body, echo, {finding.pointer for finding in found})

    def _no_json(self, error: Exception | str) -> Finding:
        content_type = self._reply.content_type or "no Content-Type"
        actual = f"{content_type}, not JSON ({error}): {described(self._reply.content[:60])}"
        return self._departure("JSON", actual, "#body")

    def _departure(
        self, expected: str, actual: str, pointer: str, why: Evidence | None = None, kind: str | None = None
    ) -> Finding:
        statement = self._statement.resting_on(self._only_assumed or why or self._evidence)
        return statement.departure(self._operation, self._answer.status, expected, actual, pointer, kind)

    def _spaces(self) -> Iterator[Finding]:
        content = self._reply.content
        if _MAYBE_SPACED.search(content) and any(match.group() in b":," for match in _SPACED.finditer(content)):
            expected = next(each["statement"] for each in specification().rules if each["id"] == "compact-json")
            actual = described(self._reply.content[:60])
            yield rule("compact-json").departure(self._operation, self._answer.status, expected, actual, "#spaces")

    def _repeated(self, body: Any) -> Iterator[Finding]:
        seen = set()
        for path, name in json_text.repeated_names(body):
            place = pointer([*path, name])
            kind = re.sub(r"/\d+", "/*", place)
            if kind not in seen:
                seen.add(kind)
                yield self._departure(f"one member {name} in an object", "more than one", place)

    def _schema(self, body: Any, unusual: bool) -> Iterator[Finding]:
        for expected, actual, place, evidence in violations(self._answer, self._dialect, body, unusual):
            yield self._departure(expected, actual, place, evidence)
        for place, name, value in unknown_fields(body_schema(self._answer, self._dialect), body):
            yield self._departure("no such field", f"{name} = {described(value)}", place, kind=ADDITION)

    def _echoes(self, body: Any, echo: Mapping[str, Any], known: set[str]) -> Iterator[Finding]:
        for field, value in echo.items():
            if isinstance(body, dict) and field in body and body[field] != value and f"/{field}" not in known:
                why = own_evidence(self._answer.schema["properties"].get(field, {}), self._evidence)
                yield self._departure(described(value), described(body[field]), f"/{field}", why)


def status_evidence(operation: Operation, answer: Answer, status: int, lists_nothing: bool = False) -> Evidence:
    """The evidence that the operation answers with `answer` rather than with `status`.

    If a page shows a body without its status, another status of the same class is only a surprise. But the page still
    documents that the operation works, and that this error is an error, or a success that lists nothing.
    """
    evidence = Evidence.of(answer.evidence)
    same = status // 100 == answer.status // 100 or (lists_nothing and answer is not operation.success)
    if evidence.level != "assumed" or _wholly_assumed(answer) or same:
        return evidence
    if answer is operation.success:
        return Evidence.of(operation.evidence)
    return Evidence.of(answer.schema["x-evidence"])


def lists_nothing(reply: Reply) -> bool:
    """Whether an answer is a success with an empty list."""
    return reply.status == 200 and [] in (reply.fields.get("result"), reply.fields.get("passings"))


def _wholly_assumed(answer: Answer) -> bool:
    return answer.evidence.get("level") == "assumed" and answer.evidence.get("of") != "status"


def _wrong_status(reply: Reply, operation: Operation, answer: Answer) -> Finding:
    evidence = status_evidence(operation, answer, reply.status, lists_nothing(reply))
    documented = {operation.success.status, *(error.status for error in operation.errors.values())}
    kind = evidence.kind
    if kind != BREAKING and reply.status not in documented:
        kind = ADDITION
    expected, actual = f"{answer.status} {answer.text}", f"{reply.status} {summary(reply)}"
    statement = Statement(answer_name(operation, answer), evidence)
    return statement.departure(operation, answer.status, expected, actual, "#status", kind)


def summary(reply: Reply) -> str:
    """What an answer says, in a few words."""
    text = reply.fields.get("description")
    if isinstance(text, str):
        return text[:120]
    return f"{reply.content_type or 'no Content-Type'}: {described(reply.content[:60])}"
