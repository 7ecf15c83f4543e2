"""Defects in binding, unbinding, listing and describing devices."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response

from rufus_mock.spec.dialects import OPENAPI
from tests.contract.mutants.mutant import NOTE, Spoil, add, mutant
from tests.contract.mutants.spoiling import answers, companies, put, queries, raw, rename, sent, status_is

add("bind_has_another_text", "bindDevice", "201 DeviceBound", answers("bindDevice", put(description="Device bound")))


add("bind_is_a_200", "bindDevice", "201 DeviceBound", raw("bindDevice", status_is(200), lambda status: status == 201))
add(
    "bind_gives_lower_case",
    "bindDevice",
    "201 DeviceBound",
    answers("bindDevice", lambda body: body.update(deviceid=body["deviceid"].lower())),
)
add("bind_gives_no_deviceid", "bindDevice", "201 DeviceBound", answers("bindDevice", lambda b: b.pop("deviceid") and b))
add(
    "bind_needs_no_serial_number",
    "bindDevice",
    "400 BadRequest",
    sent("bindDevice", lambda body: body.setdefault("serial_number", body["model"] + body["alias"])),
)
add("bind_loses_the_alias", "bindDevice", "bound-as-sent", sent("bindDevice", lambda body: body.pop("alias")))
add("bind_swaps_the_model", "bindDevice", "bound-as-sent", sent("bindDevice", put(model="One4All")))


class _Forgetful(dict[Any, Any]):
    """Takes all and holds nothing."""

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def setdefault(self, key: Any, default: Any = None) -> Any:  # noqa: ARG002
        return default

    def pop(self, key: Any, default: Any = ()) -> Any:  # noqa: ARG002
        return default


@mutant("bindDevice", "bind-once")
def bind_takes_a_device_twice(app: Flask) -> None:
    for company in companies(app):
        company.devices._by_serial = _Forgetful()


@mutant("bindDevice", "bind-once")
def bind_again_names_another_device(app: Flask) -> None:
    answers("bindDevice", put(deviceid="A" * 64), 409)(app)


add(
    "binding_again_is_a_200",
    "bindDevice",
    "bind-again",
    raw("bindDevice", status_is(200), lambda status: status == 409),
    NOTE,
)


@mutant("bindDevice", "409 DeviceAlreadyBound")
def bind_again_names_none(app: Flask) -> None:
    answers("bindDevice", lambda body: body.pop("deviceid") and body, 409)(app)


add("unbind_has_another_text", "unbindDevice", "200 DeviceUnbound", answers("unbindDevice", put(description="Gone")))
add(
    "unbind_404_has_no_echo",
    "unbindDevice",
    "404 DeviceNotFound",
    answers("unbindDevice", lambda body: body.pop("deviceid") and body, 404),
)


@mutant("unbindDevice", "unbind-removes-everything")
def unbind_leaves_sessions_and_passings(app: Flask) -> None:
    for company in companies(app):
        company.sessions.remove_of_device = lambda deviceid: None  # type: ignore[method-assign]  # noqa: ARG005


@mutant("unbindDevice", "unbind-removes-everything")
def unbind_unbinds_nothing(app: Flask) -> None:
    for company in companies(app):
        company.unbind = lambda deviceid, company=company: company.devices.get(deviceid) and None  # type: ignore[misc, method-assign]


@mutant("listDevices", "devices-of-company")
def the_list_shows_another_companys_devices(app: Flask) -> None:
    first, second = companies(app)[:2]
    second.devices = first.devices


add(
    "limit_is_ignored",
    "listDevices",
    "device-pages",
    queries("/devices", lambda query: query.pop("limit", None)),
)
add(
    "page_of_devices_is_ignored",
    "listDevices",
    "device-pages",
    queries("/devices", lambda query: query.pop("page", None)),
)
add(
    "the_list_lacks_the_newest_device",
    "listDevices",
    "devices-of-company",
    answers("listDevices", lambda body: body.update(result=body["result"][:-1])),
)
add(
    "the_list_has_other_times",
    "listDevices",
    "200 Devices",
    answers(
        "listDevices",
        lambda body: [d.update(creation_date=d["creation_date"][:19] + "Z") for d in body["result"]] and None,
    ),
)
add(
    "total_is_off_by_one",
    "listDevices",
    "device-pagination",
    answers("listDevices", lambda body: body["pagination"].update(total=body["pagination"]["total"] + 1)),
    dialect=OPENAPI,
)
add(
    "has_more_is_always_false",
    "listDevices",
    "device-pagination",
    answers("listDevices", lambda body: body["pagination"].update(has_more=False)),
    dialect=OPENAPI,
)
add(
    "the_list_calls_its_result_devices",
    "listDevices",
    "200 Devices",
    answers("listDevices", lambda body: {"description": "Success", "devices": body["result"]}),
    NOTE,
)


add(
    "the_list_lacks_its_pagination",
    "listDevices",
    "200 Devices",
    answers("listDevices", lambda body: body.pop("pagination") and None),
    dialect=OPENAPI,
)


def _each_device(change: Callable[[dict[str, Any]], object]) -> Spoil:
    def changed(body: dict[str, Any]) -> None:
        for device in body["result"]:
            change(device)

    return answers("listDevices", changed)


add(
    "the_last_login_is_a_number",
    "listDevices",
    "200 Devices",
    _each_device(put(last_login=1)),
    dialect=OPENAPI,
)
add(
    "a_battery_is_fuller_than_full",
    "listDevices",
    "200 Devices",
    _each_device(put(battery_percentage=101)),
    dialect=OPENAPI,
)
add(
    "an_entry_of_the_list_lacks_its_last_login",
    "listDevices",
    "200 Devices",
    _each_device(lambda device: device.pop("last_login")),
    NOTE,
    dialect=OPENAPI,
)
add(
    "device_info_is_a_list",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda b: b.update(result=[b["result"]])),
)
add(
    "device_info_lacks_firmware",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].pop("firmware") and None),
)


add(
    "last_seen_is_renamed",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: rename("last_seen", "lastSeen")(body["result"])),
)
add(
    "sessions_are_counted_in_a_string",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].update(sessions=str(body["result"]["sessions"]))),
)
add(
    "passings_of_a_device_are_off_by_one",
    "getDevice",
    "device-counts",
    answers("getDevice", lambda body: body["result"].update(passings=body["result"]["passings"] + 1)),
)
add(
    "creation_date_lacks_milliseconds",
    "getDevice",
    "200 DeviceInfo",
    answers("getDevice", lambda body: body["result"].update(creation_date=body["result"]["creation_date"][:19] + "Z")),
)


def _html(response: Response) -> None:
    response.set_data(b"<html><body><h1>404 Not Found</h1></body></html>")
    response.content_type = "text/html"


add("device_404_is_html", "getDevice", "404 DeviceNotFound", raw("getDevice", _html, lambda status: status == 404))
