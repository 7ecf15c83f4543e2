"""Each way in which the vendor's document can differ from the contract is found, and sorted by what breaks a client."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.spec.contract import Contract
from rufus_mock.spec_watch.comparison import Comparison
from rufus_mock.spec_watch.vendor import UnusableDocument
from tests.spec_watch.cases import CASES
from tests.spec_watch.changes import schema
from tests.spec_watch.documents import Content, differences, vendor_document

CONTRACT = Contract()


@pytest.mark.parametrize("name", CASES)
def test_a_change_of_the_document_is_found_and_nothing_else(name: str) -> None:
    change, expected = CASES[name]
    assert differences(change) == expected


def test_the_contract_as_it_is_served_differs_in_nothing() -> None:
    assert not list(Comparison(Contract(), Contract().document("openapi")).differences())


def test_schemas_may_be_composed() -> None:
    def change(document: Content) -> None:
        schemas = document["components"]["schemas"]
        schemas["Base"] = schemas["Session"]
        schemas["Session"] = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"nullable": False}]}
        schemas["BindDevice"]["properties"]["model"] = {"oneOf": [{"type": "string"}, {"type": "null"}]}

    assert differences(change) == [("compatible", "bindDevice", "request /model", "string", "string or null")]


def test_a_schema_that_refers_to_itself_ends() -> None:
    def change(document: Content) -> None:
        itself = {"$ref": "#/components/schemas/Session"}
        document["components"]["schemas"]["Session"] = {"allOf": [itself, itself]}

    assert isinstance(differences(change), list)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("other.yaml#/Session", "it refers to other.yaml#/Session: bundle the document into one file first"),
        ("#/components/schemas/None", "it refers to #/components/schemas/None, which it does not contain"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(reference: str, problem: str) -> None:
    with pytest.raises(UnusableDocument) as caught:
        differences(schema("Session", **{"$ref": reference}))
    assert str(caught.value) == problem


_NAMES = [
    *("type", "properties", "items", "required", "enum", "$ref", "allOf", "anyOf", "nullable", "maximum", "schema"),
    *("content", "application/json", "in", "name", "200", "responses", "parameters", "get", "x"),
]

_JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["object", "array", "string", "#/components/schemas/Session", "#"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(data=st.data())
def test_junk_anywhere_in_the_document_is_compared_or_refused(data: st.DataObject) -> None:
    document = vendor_document()
    node: Any = document
    path = data.draw(st.sampled_from(["paths", "components", "security", "servers"]))
    for _ in range(data.draw(st.integers(0, 7))):
        inner = node[path]
        if not isinstance(inner, (dict, list)) or not inner:
            break
        node = inner
        path = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else list(range(len(inner)))))
    node[path] = data.draw(_JUNK)
    if not isinstance(document["paths"], dict):
        return
    with suppress(UnusableDocument):
        list(Comparison(CONTRACT, document).differences())
