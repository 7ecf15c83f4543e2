"""The lists of devices and events: empty ones, pages past the end, pagination and order."""

from typing import Any

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer, Row, milliseconds
from ..laboratory.lab import FAR_PAGE, OTHER, UNKNOWN_PATH, Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.own import bind, new_device
from ..laboratory.probe import probe
from ..laboratory.subject import ordered, text

_STATUSES = {200: "200", 404: "404"}
_MOST_BOUND = 8


@probe("devices.empty-list")
def no_devices(lab: Lab, _: Material) -> None:
    for answer in (lab.devices, lab.other_devices):
        if answer is not None and (answer.rows() == [] or answer.status == 404):
            lab.saw_status("devices.empty-list", lab.named("no-devices", answer), _STATUSES)


@probe("devices.pagination")
def device_pagination(lab: Lab, _: Material) -> None:
    _pagination(lab, "devices.pagination", lab.devices)


def _pagination(lab: Lab, id: str, answer: Answer) -> None:
    if answer.rows() is None:
        raise CannotGoOn("a list that is a 200")
    lab.saw(id, ["present" if "pagination" in answer.fields else "absent"], answer)


@probe("devices.past-the-end")
def devices_past_the_end(lab: Lab, material: Material) -> None:
    if material.writes:
        assert material.bare
    elif not lab.devices.rows():
        raise CannotGoOn(NEEDS["device"])
    answer = lab.named("devices-past-the-end", lab.ask("listDevices", page=FAR_PAGE))
    _past_the_end(lab, "devices.past-the-end", answer)


def _past_the_end(lab: Lab, id: str, answer: Answer) -> None:
    fits = ["200"] if answer.rows() == [] else ["404"] if answer.status == 404 else []
    lab.saw(id, fits, answer)


@probe("devices.order")
def device_order(lab: Lab, material: Material) -> None:
    """The run's own devices tell the orders apart, because the order in which they were bound is known."""
    if not material.writes:
        _order_of_account(lab)
        return
    bound = _bound_in_no_order_of_identifiers(lab, material)
    listed = lab.ask("listDevices")
    lab.mask.learn(listed.rows() or [])
    if listed.status == 404:
        lab.saw("devices.empty-list", [], listed)  # the 404 for a company without devices means something else
    found = [deviceid for row in listed.rows() or [] if (deviceid := text(row, "deviceid")) in bound]
    if len(found) != len(bound):
        raise CannotGoOn("a list of devices whose first page has all devices of the run")
    orders = {"oldest-first": bound, "newest-first": bound[::-1], "by-id": sorted(bound)}
    lab.saw("devices.order", [name for name, order in orders.items() if order == found], listed)


def _bound_in_no_order_of_identifiers(lab: Lab, material: Material) -> list[str]:
    """Devices of the run in the order in which they were bound, which is not that of their identifiers."""
    bound = [material.main.subject.deviceid, material.bare.deviceid]
    bound.sort(key=list(lab.target.owned.devices).index)
    while len(bound) < _MOST_BOUND and (len(bound) == 2 or bound in (sorted(bound), sorted(bound, reverse=True))):
        bound.append(bind(lab, new_device(lab)))
    return bound


def _order_of_account(lab: Lab) -> None:
    rows = lab.devices.rows() or []
    created = [milliseconds(row.get("creation_date")) for row in rows]
    identifiers = [text(row, "deviceid") for row in rows]
    if len(rows) < 3 or None in created or None in identifiers or len(set(created)) < len(rows):
        raise CannotGoOn(NEEDS["devices"])
    orders: dict[str, list[Any]] = {"oldest-first": created, "newest-first": created[::-1], "by-id": identifiers}
    lab.saw("devices.order", [name for name, values in orders.items() if ordered(values)], lab.devices)


@probe("events.path", "events.empty-list", "events.past-the-end", "events.order", "events.pagination")
def events(lab: Lab, _: Material) -> None:
    keys = lab.target.keys
    for key, whose in ((keys.reader, "own"), (keys.other_key, OTHER)):
        if whose == OTHER and lab.other_devices is None:
            continue
        answer = lab.target.call("listEvents", key=key, whose=whose)
        nowhere = answer.is_like(lab.unknown_path)
        exists = answer.rows() is not None or (answer.status == 404 and not nowhere and _needs_a_key(lab, "listEvents"))
        lab.saw("events.path", ["events"] if exists else ["none"] if nowhere else [], answer)
        if not exists:
            continue
        if answer.rows():
            _events(lab, key, answer, answer.rows() or [])
        else:
            lab.saw_status("events.empty-list", lab.named("no-events", answer), _STATUSES)


def _needs_a_key(lab: Lab, operation_id: str) -> bool:
    """Whether an operation answers a request without a key as others do. A path that does not exist may not."""
    missing = lab.target.call("listDevices", key=None, whose="none")
    nowhere = lab.target.send("GET", UNKNOWN_PATH, key=None, whose="none")
    answer = lab.target.call(operation_id, key=None, whose="none")
    return answer.is_like(missing) and not nowhere.is_like(missing)


def _events(lab: Lab, key: str | None, answer: Answer, rows: list[Row]) -> None:
    lab.mask.learn(rows)
    if lab.dialect == "pages":
        _pagination(lab, "events.pagination", answer)
    past = lab.target.call("listEvents", query={"page": FAR_PAGE}, key=key, whose=answer.key)
    _past_the_end(lab, "events.past-the-end", lab.named("events-past-the-end", past))
    if len(rows) < 2:
        return
    starts = [milliseconds(row.get("start_date")) for row in rows]
    latest_first = ordered([(start is None, -(start or 0)) for start in starts])
    if latest_first:
        lab.evidence.lack(["events.order"], "events that are not stored in the order of their start_date, latest first")
    lab.saw("events.order", ["as-stored", "latest-first"] if latest_first else ["as-stored"], answer)
