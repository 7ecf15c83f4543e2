"""Schemas that are completed from parts."""

import pytest

from rufus_mock.spec.parts import combined

WHOLE = {"properties": {"a": {"type": "string"}}, "x-parts": "parts"}


def part(**properties: object) -> dict[str, object]:
    return {"title": "Part", "properties": properties}


def test_constants_of_one_property_become_an_enumeration() -> None:
    parts = [part(b={"type": "string", "const": name, "description": f"Does {name}."}) for name in ("x", "y")]
    assert combined(WHOLE, parts) == {
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "string", "enum": ["x", "y"], "description": "x: Does x. y: Does y."},
        }
    }
    assert WHOLE["x-parts"] == "parts"


@pytest.mark.parametrize("parts", [[part(a={})], [part(b={}), part(b={})]])
def test_a_property_that_exists_already_is_refused(parts: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match=r"Part: .* has the property [ab]"):
        combined(WHOLE, parts)
