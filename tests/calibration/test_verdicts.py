"""How observations become a verdict."""

from typing import Any

import pytest

from rufus_mock.calibration.comparison import Change, changes
from rufus_mock.calibration.laboratory.answer import Answer
from rufus_mock.calibration.laboratory.evidence import Evidence, Observation
from rufus_mock.calibration.laboratory.masking import Mask
from rufus_mock.calibration.laboratory.verdicts import Judge
from rufus_mock.client import Reply, specification
from rufus_mock.contract.session.masking import Masker

ID = "insert.duplicates"
IDENTIFIER = "65A1B7E0C6BC3D32C268C1506E3F6F39E225DC6ED79573E177E7243E8E38115B"


def answer(content: str = '{"description":"Bad request"}', status: int = 400) -> Answer:
    reply = Reply("GET", "http://127.0.0.1/v0/devices", None, status, {}, content.encode())
    return Answer("GET", "/devices", {}, reply)


def seen(round: int, *fits: str, text: str | None = None, alone: bool = False) -> Observation:
    return Observation(round, frozenset(fits), (answer(),), text=text, alone=alone)


def verdict(*observations: Observation, id: str = ID, dialect: str = "pages") -> dict[str, Any]:
    evidence = Evidence()
    for each in observations:
        evidence.note(id, each)
    return Judge(evidence, Mask(Masker()), dialect).verdicts(specification().assumptions)[id]


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ([], "not-reached"),
        ([seen(0, "409"), seen(1, "409")], "measured"),
        ([seen(0, "409")], "not-reached"),
        ([seen(0, "409", alone=True)], "measured"),
        ([seen(0, "409", "last-wins"), seen(0, "409"), seen(1, "409", "last-wins"), seen(1, "409")], "measured"),
        ([seen(0, "409", "last-wins"), seen(0, "409"), seen(1, "409", "last-wins")], "not-reached"),
        ([seen(0, "409", "last-wins"), seen(1, "409", "last-wins")], "not-reached"),
        ([seen(0), seen(1)], "other"),
        ([seen(0, "409"), seen(1)], "contradictory"),
        ([seen(0, "409"), seen(1, "last-wins")], "contradictory"),
        ([seen(0, "409"), seen(0, "last-wins"), seen(1, "409"), seen(1, "last-wins")], "contradictory"),
    ],
)
def test_a_variant_is_measured_only_if_it_alone_explains_both_rounds(
    observations: list[Observation], expected: str
) -> None:
    found = verdict(*observations)
    assert found["verdict"] == expected
    assert found.get("variant") == ("409" if expected == "measured" else None)


def test_variants_that_cannot_be_told_apart_are_named() -> None:
    found = verdict(seen(0, "409", "last-wins"), seen(1, "409", "last-wins"))
    assert found["fits"] == ["409", "last-wins"]
    assert found["needs"] == "--allow-writes, with a key that may write and unbind"


def test_a_captured_text_must_be_the_same_each_time() -> None:
    def captured(*texts: str) -> dict[str, Any]:
        observations = [seen(round, "captured", text=text) for round, text in enumerate(texts)]
        return verdict(*observations, id="access.body-403")

    assert captured("Forbidden", "Forbidden")["text"] == "Forbidden"
    assert captured("Forbidden", "Denied")["verdict"] == "contradictory"


def test_an_assumption_of_the_other_dialect_is_not_reached() -> None:
    found = verdict(seen(0, "ignored"), seen(1, "ignored"), id="insert.chips", dialect="openapi")
    assert found == {"verdict": "not-reached", "needs": "an API that speaks the dialect pages"}


def test_a_target_that_changes_its_mind_often_is_not_relied_upon() -> None:
    evidence = Evidence()
    for id in ("reads.first", "reads.last", "reads.from"):
        evidence.note(id, seen(0, "inclusive"))
        evidence.note(id, seen(1, "exclusive"))
    evidence.note(ID, seen(0, "409"))
    evidence.note(ID, seen(1, "409"))
    found = Judge(evidence, Mask(Masker()), "pages").verdicts(specification().assumptions)[ID]
    assert found == {
        "verdict": "not-reached",
        "needs": "a target that answers the same request in the same way each time",
    }


@pytest.mark.parametrize(
    ("content", "status", "shown"),
    [
        ('{"description":"Success","result":[{"alias":"Finish","sessions":3,"active":true}]}', 200,
         {"description": "Success", "result": [{"alias": "<alias>", "sessions": "<number>", "active": True}]}),
        ('{"description":"Anna is registered"}', 200, {"description": "<description>"}),
        (f'{{"message":"No {IDENTIFIER} at 2026-11-25T10:00:00Z from 10.1.2.3"}}', 404,
         {"message": "No <identifier> at <time> from <address>"}),
        ('{"message":"Finish line of ACME Timing"}', 409, {"message": "Finish line of <name>"}),
        ('{"requestId":"a1b2","11-Anna":"x"}', 500, {"requestId": "<requestId>", "<field>": "<field>"}),
        ("Forbidden for ror-0123456789abcdef0123", 403, "Forbidden for <identifier>"),
        ("[[[[[[[[1]]]]]]]]", 200, [[[[[["<more>"]]]]]]),
        ("", 400, ""),
        ("<html>", 200, "<text>"),
    ],
)  # fmt: skip
def test_a_body_is_shown_without_what_belongs_to_the_account(content: str, status: int, shown: Any) -> None:
    mask = Mask(Masker())
    mask.learn([{"name": "ACME Timing", "alias": None, "serial_number": "Success"}])
    assert mask.body(answer(content, status)) == shown


def test_changes_are_those_of_the_verdict_and_not_of_its_proof() -> None:
    def profile(**assumptions: Any) -> dict[str, Any]:
        return {"assumptions": assumptions}

    first = {"verdict": "measured", "variant": "200", "proof": []}
    old = profile(a=first, b=first, c=first, d={"verdict": "not-reached", "needs": "x"}, e=first)
    new = profile(
        a={**first, "proof": [{"status": 200}]},
        b={**first, "variant": "404"},
        c={"verdict": "not-reached", "needs": "y"},
        d={"verdict": "not-reached", "needs": "z"},
    )
    assert changes(old, new) == [
        Change("b", "measured 200", "measured 404", behaviour=True),
        Change("c", "measured 200", "not-reached", behaviour=False),
        Change("e", "measured 200", "not in the profile", behaviour=False),
    ]
