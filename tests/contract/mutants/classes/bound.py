"""Writes that touch something else: binding and unbinding devices. See writes.py."""

from typing import Any

from flask import Flask

from rufus_mock.world import Company
from tests.contract.mutants.classes.changing import instead
from tests.contract.mutants.classes.defect import write_defect
from tests.contract.mutants.classes.writes import ACTIVITY, REMOVED, sessions_of_others
from tests.contract.mutants.spoiling import companies


def _unbind_similar(company: Company, unbind: Any, deviceid: str) -> None:
    device = company.devices.get(deviceid)
    unbind(deviceid)
    for other in [each for each in company.devices if each.model == device.model]:
        unbind(other.deviceid)


write_defect(
    "unbinding_removes_devices_of_the_same_model",
    "unbindDevice",
    (*REMOVED, "bound-as-sent", "200 DeviceInfo", "all-sessions"),
    instead("", "unbind", _unbind_similar),
)


def _unbind_closes(company: Company, unbind: Any, deviceid: str) -> None:
    unbind(deviceid)
    for session in sessions_of_others(company, deviceid):
        session.close(company.clock.now())


write_defect(
    "unbinding_closes_the_sessions_of_other_devices",
    "unbindDevice",
    (*REMOVED, *ACTIVITY),
    instead("", "unbind", _unbind_closes),
)


def _comes_back(app: Flask) -> None:
    for company in companies(app):
        removed: list[Any] = []

        def unbind(deviceid: str, original: Any = company.unbind, company: Any = company, gone: Any = removed) -> None:
            gone[:] = [company.devices.get(deviceid)]
            original(deviceid)

        def bind(*given: Any, original: Any = company.devices.bind, company: Any = company, gone: Any = removed) -> Any:
            device = original(*given)
            while gone:
                company.devices._put(gone.pop())
            return device

        company.unbind = unbind  # type: ignore[method-assign]
        company.devices.bind = bind  # type: ignore[method-assign, assignment]


# A client cannot tell whether the unbinding or the binding is wrong.
write_defect(
    "a_device_that_was_unbound_is_back_after_the_next_bind",
    "unbindDevice bindDevice",
    REMOVED,
    _comes_back,
)


def _restores_sessions(app: Flask) -> None:
    for company in companies(app):
        kept: dict[tuple[str, str], Any] = {}

        def unbind(deviceid: str, original: Any = company.unbind, company: Any = company, kept: Any = kept) -> None:
            device, store = company.devices.get(deviceid), company.state.store
            sessions = company.sessions.of_device(deviceid)
            indexes = {each.token_session: store._sessions[each.token_session] for each in sessions}
            kept[device.serial_number, device.model] = deviceid, store._devices.get(deviceid), sessions, indexes
            original(deviceid)

        def bind(model: str, serial: str, *rest: Any, original: Any = company.devices.bind, company: Any = company,
                 kept: Any = kept) -> Any:  # fmt: skip
            device = original(model, serial, *rest)
            deviceid, index, sessions, indexes = kept.pop((serial, model), (None, None, (), {}))
            if index is not None:
                company.state.store._devices[deviceid] = index
                company.state.store._sessions.update(indexes)
                company.sessions._sessions.update({each.token_session: each for each in sessions})
            return device

        company.unbind = unbind  # type: ignore[method-assign]
        company.devices.bind = bind  # type: ignore[method-assign, assignment]


write_defect(
    "binding_an_unbound_device_again_restores_its_old_sessions",
    "unbindDevice bindDevice",
    REMOVED,
    _restores_sessions,
)


def _bind_again_overwrites(company: Company, bind: Any, model: str, serial: str, *rest: Any) -> Any:
    for device in company.devices:
        if (device.serial_number, device.model) == (serial, model):
            _, device.alias, device.firmware = rest
    return bind(model, serial, *rest)


write_defect(
    "binding_again_overwrites_alias_and_firmware",
    "bindDevice",
    ("bound-as-sent", "bind-once"),
    instead("devices", "bind", _bind_again_overwrites),
    "alias",
    "firmware",
)


def _bind_sets_firmware(company: Company, bind: Any, model: str, *rest: Any) -> Any:
    bound = bind(model, *rest)
    for device in company.devices:
        if device.model == model:
            device.firmware = bound.firmware
    return bound


write_defect(
    "binding_sets_the_firmware_of_the_whole_model",
    "bindDevice",
    "bound-as-sent",
    instead("devices", "bind", _bind_sets_firmware),
    "firmware",
)
