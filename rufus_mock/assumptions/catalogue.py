"""The assumptions as the admin API and the command line list them."""

from collections.abc import Iterable
from typing import Any

from ..spec.assumptions import Assumption


def listed(assumptions: Iterable[Assumption], dialect: str) -> list[dict[str, Any]]:
    """An object for each assumption, with its variants and its default in a dialect."""
    return [
        {
            "id": each.id,
            "statement": each.statement,
            "operations": list(each.operations),
            "default": each.default[dialect],
            "variants": [{"id": variant.id, "sentence": variant.sentence} for variant in each.variants.values()],
            "measured_by": each.measured_by,
            "dialects": list(each.dialects),
        }
        for each in assumptions
    ]
