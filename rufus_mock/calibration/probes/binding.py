"""What identifies a device, and what binding one gets."""

from typing import Any

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer, milliseconds, text_of
from ..laboratory.lab import Lab
from ..laboratory.material import Material
from ..laboratory.own import new_device
from ..laboratory.probe import probe

_BOUND = "Device already bound"

_CONTACT, _PASSING, _INSERT, _NULL = "latest-contact", "latest-passing", "last-insert", "null"


@probe("devices.bind-again", "devices.bind-again-text")
def bind_again(lab: Lab, material: Material) -> None:
    bare = material.bare
    answer = lab.named("bind-again", lab.write("bindDevice", bare.device))
    same = answer.fields.get("deviceid") == bare.deviceid
    fits = [str(answer.status)] if same and answer.status in (409, 200) else []
    lab.saw("devices.bind-again", fits, answer)
    known = {text_of("bindDevice", "DeviceAlreadyBound"): "binded", _BOUND: "bound"}
    if answer.status == 409 and answer.description is not None:
        lab.saw_text("devices.bind-again-text", answer.description, known, answer)
    else:
        lab.evidence.lack(["devices.bind-again-text"], "a target that answers 409, with a description")


@probe("devices.identity")
def identity(lab: Lab, material: Material) -> None:
    """Only a target that recognises the same device, and stores what was sent, shows what it compares."""
    bare = material.bare
    described = bare.looked_at.only_row() or {}
    stored = all(described.get(name, bare.device[name]) == bare.device[name] for name in ("model", "type"))
    if lab.variant("devices.bind-again") is None or not stored:
        raise CannotGoOn("a target that recognises a device that is bound again, and stores its model and type")
    for changed, when_new in (
        ({"model": f"{bare.device['model']} 2"}, {"serial-and-model", "serial-model-and-type"}),
        ({"type": f"{bare.device['type']} 2"}, {"serial-model-and-type"}),
    ):
        answer = lab.write("bindDevice", {**bare.device, **changed})
        deviceid = answer.fields.get("deviceid")
        every = set(lab.target.contract.assumptions["devices.identity"].variants)
        if deviceid == bare.deviceid and answer.status in (409, 200):
            fits = every - when_new
        else:
            fits = when_new if answer.ok and isinstance(deviceid, str) else set()
        (name,) = changed
        lab.saw("devices.identity", fits, answer, shows=f"the same device with another {name}")


@probe("devices.type")
def device_type(lab: Lab, material: Material) -> None:
    assert material.bare
    device = new_device(lab)
    del device["type"]
    _optional(lab, "devices.type", lab.named("no-type", lab.write("bindDevice", device)), "optional", "required")


@probe("devices.unknown-fields")
def unknown_fields(lab: Lab, material: Material) -> None:
    assert material.bare
    answer = lab.named("unknown-field-of-device", lab.write("bindDevice", new_device(lab, rufus_mock=1)))
    _optional(lab, "devices.unknown-fields", answer, "ignored", "refused")


def _optional(lab: Lab, id: str, answer: Answer, accepted: str, refused: str) -> None:
    lab.saw(id, [accepted] if answer.ok else [refused] if answer.status == 400 else [], answer)


@probe()
def invalid_bodies(lab: Lab, material: Material) -> None:
    """Requests that lack a required parameter, which is documented to be a 400."""
    token = {"token_session": lab.nobody}
    lab.named("invalid-insert", lab.write("insertPassings", token), refusal=True)
    assert material.bare
    device = new_device(lab)
    del device["model"]
    lab.named("invalid-device", lab.write("bindDevice", device), refusal=True)


@probe("devices.last-seen")
def last_seen(lab: Lab, material: Material) -> None:
    before, after = material.bare.looked_at, material.main.seen
    for answer, when_null, when_recent in (
        (before, {_PASSING, _INSERT, _NULL}, {_CONTACT}),
        (after, {_NULL}, {_CONTACT, _INSERT}),
    ):
        row: dict[str, Any] = answer.only_row() or {}
        name = "last_login" if "last_login" in row else "last_seen"
        if name not in row:
            raise CannotGoOn("a target that shows last_seen or last_login of a device")
        seen, created = milliseconds(row[name]), milliseconds(row.get("creation_date"))
        latest = max(time for each in material.main.subject.sessions for time in each.times.values())
        if row[name] is None:
            fits, shows = when_null, f"{name} is null"
        elif answer is after and seen == latest:
            fits, shows = {_PASSING}, f"{name} is the time of the latest passing"
        elif seen is None or created is None:
            fits, shows = set(), f"{name} is not a time"
        elif seen >= created:
            fits, shows = when_recent, f"{name} is a time of this run"
        else:
            fits, shows = set(), f"{name} is another time"
        lab.saw("devices.last-seen", fits, answer, shows=shows)


@probe("devices.rebind")
def rebind(lab: Lab, material: Material) -> None:
    """Comes last, because the device loses its sessions."""
    main = material.main
    if not lab.write("unbindDevice", identifier=main.subject.deviceid).ok:
        raise CannotGoOn("a target on which the run can unbind its device")
    answer = lab.write("bindDevice", main.device)
    deviceid = answer.fields.get("deviceid")
    if not answer.ok or not isinstance(deviceid, str):
        lab.saw("devices.rebind", [], answer)
    else:
        same = deviceid == main.subject.deviceid
        lab.saw(
            "devices.rebind",
            ["same-id" if same else "new-id"],
            answer,
            shows=f"the deviceid is {'the same' if same else 'new'}",
        )
