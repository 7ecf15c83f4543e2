"""The types of the client have the fields of the contract."""

from typing import Any

import pytest

from rufus_mock import client as client_module
from rufus_mock.spec.contract import Contract
from rufus_mock.spec.dialects import DIALECTS, OPENAPI, without_other_dialects


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (client_module.Device, "device"),
        (client_module.Session, "session"),
        (client_module.SessionSummary, "session-summary"),
        (client_module.Passing, "passing"),
        (client_module.PassingInput, "passing-input"),
        (client_module.Inserted, "answers/passings-inserted"),
        (client_module.Continued, "answers/passings-continued"),
    ],
)
def test_the_types_match_the_schemas(shape: Any, schema: str) -> None:
    resolved = Contract().schema(schema)
    assert set(shape.__annotations__) | shape.__required_keys__ == set(resolved["properties"])
    everywhere = set.intersection(*(set(without_other_dialects(resolved, dialect)["required"]) for dialect in DIALECTS))
    assert everywhere <= set(shape.__required_keys__) | {"passings"}


def test_an_entry_of_the_list_of_devices_has_the_fields_of_both_dialects() -> None:
    shape = client_module.DeviceSummary
    fields = [set(Contract().fields(name, OPENAPI)) for name in ("device", "device-summary")]
    assert set(shape.__annotations__) == set.union(*fields)
    assert set(shape.__required_keys__) == set.intersection(
        set(Contract().fields("device")), set(Contract().fields("device-summary", OPENAPI))
    )
