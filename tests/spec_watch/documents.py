"""Copies of the contract as the vendor might publish it, and changes to them."""

import copy
from collections.abc import Callable
from typing import Any

from rufus_mock.spec.contract import Contract
from rufus_mock.spec_watch.comparison import Comparison
from rufus_mock.spec_watch.difference import Difference, ordered

Content = dict[str, Any]


def vendor_document(change: Callable[[Content], object] = lambda _: None) -> Content:
    """The contract in OpenAPI 3.0.3 as the vendor might publish it, changed."""
    document: Content = _as_version_3_0(copy.deepcopy(Contract().document("openapi")))
    document["openapi"] = "3.0.3"
    document["servers"] = [{"url": "https://api.runonrufus.com/v0"}]
    change(document)
    return document


def differences(change: Callable[[Content], object]) -> list[tuple[str, str | None, str, str, str]]:
    """The differences of a changed document, as tuples."""
    found: list[Difference] = ordered(Comparison(Contract(), vendor_document(change)).differences())
    return [(each.kind, each.operation, each.place, each.expected, each.actual) for each in found]


def _as_version_3_0(node: Any) -> Any:
    """Without extensions, and with the keywords of OpenAPI 3.0 for null and constants."""
    if isinstance(node, list):
        return [_as_version_3_0(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: _as_version_3_0(value) for name, value in node.items() if name == "x-api-key" or name[:2] != "x-"}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    types = made.get("type")
    if isinstance(types, list) and all(isinstance(each, str) for each in types):
        present = [each for each in types if each != "null"]
        if len(present) == 1:
            made["type"] = present[0]
        else:
            del made["type"]
            made["anyOf"] = [{"type": each} for each in present]
        if "null" in types:
            made["nullable"] = True
    return made
