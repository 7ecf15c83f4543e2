"""Validates the body of a request as the company's assumptions say."""

from collections.abc import Sequence
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

from ...assumptions import Assumptions, trace
from ...assumptions.bodies import BODY_STATEMENTS, strictest, under
from ...assumptions.constraints import LIST
from ...assumptions.inserts import BAD_ENTRY, CHIPS, TIME_WITHOUT_OFFSET
from ...base.timestamps import has_offset, parse
from ...spec.dialects import Schema
from ...spec.operations import Operation
from ...spec.validation import BodyValidator, Problem


class Body(NamedTuple):
    """A valid body. dropped: how many invalid entries its list had, which are left out."""

    value: dict[str, Any]
    dropped: int = 0


NO_BODY = Body({})


class Bodies:
    """Validates the bodies of one operation.

    A body that is valid under every variant, as almost all are, is validated once and asks nothing.
    """

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._schema: Schema = operation.body or {}
        self._statements = BODY_STATEMENTS.get(operation.id, ())
        self._validators: dict[tuple[str, ...], BodyValidator] = {}
        self._entry_validators: dict[BodyValidator, BodyValidator] = {}

    @cached_property
    def _strictest(self) -> BodyValidator:
        return BodyValidator(strictest(self._operation.id, self._schema))

    def check(self, value: Any, assumptions: Assumptions) -> tuple[Body, list[Problem]]:
        """The valid body, or the problems of an invalid one."""
        if self._strictest.is_valid(value):
            self._doubt_entries(value, assumptions)
            return Body(value), []
        variants = [assumptions.variant(statement.id) for statement in self._statements]
        self._doubt(value, variants)
        validator = self._validator(variants)
        problems = validator.first_problems(value)
        if not problems:
            self._doubt_entries(value, assumptions)
            return Body(self._without_unknown_fields(value)), []
        valid = self._valid_entries(value, validator)
        if valid and assumptions[BAD_ENTRY]():
            dropped = len(value[LIST]) - len(valid)
            self._doubt_entries({LIST: valid}, assumptions)
            return Body(self._without_unknown_fields({**value, LIST: valid}), dropped), []
        return Body({}), problems

    def _doubt(self, value: Any, variants: Sequence[str]) -> None:
        """Note the statements of which a variant refuses the body."""
        for index, statement in enumerate(self._statements):
            for variant in statement.variants:
                if not self._validator([*variants[:index], variant, *variants[index + 1 :]]).is_valid(value):
                    trace.doubt(statement.id)
                    break

    def _doubt_entries(self, value: dict[str, Any], assumptions: Assumptions) -> None:
        """Note the statements that may refuse entries of a list, if refused entries are left out."""
        if LIST in value and assumptions.decision(BAD_ENTRY)() and any(map(_may_be_refused, value[LIST])):
            for statement in (BAD_ENTRY, CHIPS, TIME_WITHOUT_OFFSET):
                trace.doubt(statement.id)

    def _validator(self, variants: Sequence[str]) -> BodyValidator:
        key = tuple(variants)
        if key not in self._validators:
            self._validators[key] = BodyValidator(under(self._statements, variants, self._schema))
        return self._validators[key]

    def _valid_entries(self, value: Any, validator: BodyValidator) -> list[Any]:
        """The valid entries of the list, if there are any and the rest of the body is valid."""
        entries = value.get(LIST) if isinstance(value, dict) else None
        of_list = validator.schema["properties"].get(LIST)
        if not isinstance(entries, list) or of_list is None or len(entries) > of_list.get("maxItems", inf):
            return []
        if validator not in self._entry_validators:
            self._entry_validators[validator] = BodyValidator(of_list["items"])
        is_valid, required = self._entry_validators[validator].is_valid, set(of_list["items"]["required"])
        valid = [
            entry
            for entry in entries
            # Comparing the names first is much faster for a body of a million empty entries.
            if isinstance(entry, dict) and entry.keys() >= required and is_valid(entry) and _exists(entry["timestamp"])
        ]
        return valid if valid and validator.is_valid({**value, LIST: valid[:1]}) else []

    def _without_unknown_fields(self, value: dict[str, Any]) -> dict[str, Any]:
        if LIST not in self._schema["properties"]:
            return value
        known = self._schema["properties"][LIST]["items"]["properties"].keys()
        entries = [
            entry if entry.keys() <= known else {name: entry[name] for name in entry if name in known}
            for entry in value[LIST]
        ]
        return {**value, LIST: entries}


def _may_be_refused(entry: dict[str, Any]) -> bool:
    return "chips" in entry or not has_offset(entry["timestamp"]) or not _exists(entry["timestamp"])


def _exists(time: str) -> bool:
    try:
        parse(time)
    except ValueError:
        return False
    return True
