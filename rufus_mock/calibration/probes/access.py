"""Requests without a key, with an unknown key, and with the key of another company."""

from ...assumptions.statement import CAPTURED
from ...contract.session.errors import CannotGoOn
from ...contract.session.target import REFUSED
from ..laboratory.answer import Answer
from ..laboratory.lab import OTHER, Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.subject import text

_ENOUGH = 2
"""So many different requests must show the same text before it counts as the body of every refusal."""


@probe("access.missing-key")
def missing_key(lab: Lab, _: Material) -> None:
    _check_accepted(lab.devices)
    answer = lab.target.call("listDevices", key=None, whose="none")
    lab.named("missing-key", answer, refusal=True)
    lab.saw_status("access.missing-key", answer, {400: "400", 401: "401", 403: "403"})


@probe("access.unknown-key")
def unknown_key(lab: Lab, _: Material) -> None:
    _check_accepted(lab.devices)
    key = f"ror-{lab.target.random.getrandbits(80):020x}"
    answer = lab.target.call("listDevices", key=key, whose="unknown")
    lab.named("unknown-key", answer, refusal=True)
    lab.saw_status("access.unknown-key", answer, {403: "403", 401: "401"})
    other = lab.target.call("getSession", {"token_session": lab.nobody}, key=key, whose="unknown")
    lab.named("unknown-key-session", other, refusal=True)
    lab.saw_status("access.unknown-key", other, {403: "403", 401: "401"})


@probe("access.other-company")
def other_company(lab: Lab, material: Material) -> None:
    key, devices = lab.target.keys.other_key, lab.other_devices
    if devices is None:
        raise CannotGoOn(NEEDS["other-key"])
    deviceid = material.any_device
    unknown = lab.target.call("getDevice", {"deviceid": lab.nobody}, key=key, whose=OTHER)
    shared = any(text(row, "deviceid") == deviceid for row in devices.rows() or [])
    if shared or unknown.status != 404:
        raise CannotGoOn(NEEDS["other-key"])
    answer = lab.target.call("getDevice", {"deviceid": deviceid}, key=key, whose=OTHER)
    if answer.status == 403:
        lab.saw("access.other-company", ["forbidden"], lab.named("other-company", answer, refusal=True))
    else:
        lab.saw("access.other-company", ["not-found"] if answer.is_like(unknown) else [], answer, unknown)


@probe("access.body-400")
def body_400(lab: Lab, _: Material) -> None:
    _bodies(lab, "access.body-400", [each for each in lab.refusals if each.status == 400])


@probe("access.body-403")
def body_403(lab: Lab, _: Material) -> None:
    _bodies(lab, "access.body-403", [each for each in lab.refusals if each.status != 400])


def _bodies(lab: Lab, id: str, answers: list[Answer]) -> None:
    """Compare the bodies of different requests that were refused with the same status."""
    forms = [_form(lab, answer) for answer in answers]
    for answer, form in zip(answers, forms, strict=True):
        if form is not None:
            lab.saw(id, [form], answer)
    others = [answer for answer, form in zip(answers, forms, strict=True) if form is None]
    texts = {lab.mask.text(answer.content) for answer in others}
    if len(texts) > 1:
        lab.saw(id, [], *others)
    elif len(others) >= _ENOUGH:
        lab.saw(id, [CAPTURED], *others, text=others[0].content)
    elif not answers or others:
        lab.evidence.lack([id], f"{_ENOUGH} different requests that are a {id.rpartition('-')[2]}, or --allow-writes")


def _form(lab: Lab, answer: Answer) -> str | None:
    """The variant whose form the body has; None if it is a text of its own."""
    if not answer.content.strip() and lab.dialect == "pages":
        return "empty"
    if answer.json == {"body": None} and lab.dialect == "openapi":
        return "empty"
    names = set(answer.fields)
    if names in ({"message"}, {"error"}) and all(isinstance(value, str) for value in answer.fields.values()):
        return names.pop()
    if answer.description is None:
        return None
    complete = {"description", "errors"} if answer.status == 400 else {"description"}
    return "description" if names == complete else None


def _check_accepted(answer: Answer) -> None:
    if answer.status in REFUSED:
        raise CannotGoOn("a key that may list the devices")
