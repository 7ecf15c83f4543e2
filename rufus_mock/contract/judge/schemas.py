"""Compares a body with its schema, and says for each violation what evidence the violated keyword has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from ...spec.answers import Answer
from ...spec.dialects import PAGES, Schema, in_dialect
from ..wording import described, pointer
from .findings import Evidence
from .json_text import WrittenNumber

_MOST_ERRORS = 500
"""Enough for a page whose passings are all wrong."""


@cache
def body_schema(answer: Answer, dialect: str) -> Schema:
    """The schema of the body without the envelope."""
    whole = in_dialect(answer.schema, dialect)
    return whole if dialect == PAGES else whole["properties"]["body"]


@cache
def quick_validator(answer: Answer, dialect: str) -> jsonschema_rs.Validator:
    """Says quickly whether a body is valid."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body_schema(answer, dialect)}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@cache
def thorough_validator(answer: Answer, dialect: str) -> Any:
    """Says what is wrong with a body, and which keyword it violates."""
    return _Validator(body_schema(answer, dialect), format_checker=FormatChecker(["date-time"]))


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Reads a pattern as ECMA-262 does: $ matches only at the end, but in Python also before a last line feed."""
    del validator, schema
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_integer(checker: Any, value: Any) -> bool:
    """Only what is written as an integer: JSON Schema also accepts 3.0."""
    del checker
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def violations(
    answer: Answer, dialect: str, body: Any, unusual: bool = False
) -> Iterator[tuple[str, str, str, Evidence]]:
    """Yields expected, actual, pointer and evidence of each violation; once for all entries of a list.

    unusual: json_text.read() found something unusual in it. Raises RecursionError if it nests too deep to be compared.
    """
    if not unusual and _is_quickly_valid(answer, dialect, body):
        return
    seen: set[str] = set()
    for error in islice(thorough_validator(answer, dialect).iter_errors(body), _MOST_ERRORS):
        expected, actual, where, evidence = _violation(error, body_schema(answer, dialect))
        # Five thousand passings without a chip are one departure.
        kind = re.sub(r"/\d+", "/*", where)
        if kind not in seen:
            seen.add(kind)
            yield expected, actual, where, evidence


def _is_quickly_valid(answer: Answer, dialect: str, body: Any) -> bool:
    try:
        return quick_validator(answer, dialect).is_valid(body)
    except (ValueError, OverflowError, RecursionError):
        return False  # It cannot read lone surrogates, very large numbers or deep nesting.


def _violation(error: ValidationError, schema: Schema) -> tuple[str, str, str, Evidence]:
    path = list(error.absolute_path)
    evidence = evidence_at(schema, list(error.absolute_schema_path))
    assumed = _assumed_form(error)
    if assumed is not None:
        evidence = Evidence.of(assumed["x-evidence"])
    if error.validator != "required":
        return _expected(error), _shown(error.instance), pointer(path), evidence
    required: Any = error.validator_value
    parent: Any = error.schema
    missing = next(name for name in required if error.message.startswith(repr(name)))
    own = own_evidence(parent["properties"].get(missing, {}), evidence)
    return "a value", "missing", pointer([*path, missing]), own.weakened_by(evidence)


def _shown(value: Any) -> str:
    return value.text if isinstance(value, WrittenNumber) else described(value)


def _assumed_form(error: ValidationError) -> Mapping[str, Any] | None:
    """The form that the value may have in an assumed case, if it has this form."""
    schema: Any = error.schema
    form = schema.get("x-assumed-form")
    return form if form is not None and _Validator(form).is_valid(error.instance) else None


def _expected(error: ValidationError) -> str:
    asked: Any = error.validator_value
    if error.validator == "type":
        return " or ".join([asked] if isinstance(asked, str) else asked)
    if error.validator == "const":
        return described(asked)
    return f"{error.validator} {described(asked)}"


def evidence_at(schema: Schema, path: Sequence[str | int]) -> Evidence:
    """The nearest x-evidence above the keyword at the end of a schema path."""
    nearest: Mapping[str, Any] = schema.get("x-evidence", {})
    node: Any = schema
    for part in list(path)[:-1]:
        node = node[part]
        if isinstance(node, dict) and isinstance(node.get("x-evidence"), dict):
            nearest = node["x-evidence"]
    return Evidence.of(nearest)


def own_evidence(schema: Schema, otherwise: Evidence) -> Evidence:
    """The evidence that a schema states itself."""
    return Evidence.of(schema["x-evidence"]) if "x-evidence" in schema else otherwise


def unknown_fields(schema: Schema, body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str, Any]]:
    """Yields pointer, name and value of each field that the schema does not have; once for all entries of a list."""
    if isinstance(body, dict) and "properties" in schema:
        for name, value in body.items():
            if name not in schema["properties"]:
                yield pointer([*path, name]), name, value
            else:
                yield from unknown_fields(schema["properties"][name], value, (*path, name))
    elif isinstance(body, list) and "properties" in schema.get("items", {}):
        known = schema["items"]["properties"].keys()
        seen: set[str] = set()
        for index, entry in enumerate(body):
            if isinstance(entry, dict) and not entry.keys() <= known:
                for where, name, value in unknown_fields(schema["items"], entry, (*path, index)):
                    if name not in seen:
                        seen.add(name)
                        yield where, name, value
