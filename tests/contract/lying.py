"""Mocks that lie about what a run made: they name a device or a session of somebody else."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request

from rufus_mock.web.app import Config, create_app
from rufus_mock.world import Company
from tests.contract.mutants.spoiling import asked, companies

Lie = Callable[["Liar"], None]
PASSING = {"bib": "1", "num_passing": 1, "timestamp": "2024-05-01T08:00:00.000Z"}


class Liar:
    """A mock whose answers are changed, and the device and session of somebody else that it names.

    written: the writes that reached it and name these, or any other device or session of somebody else.
    """

    def __init__(self, *lies: Lie, dialect: str = "pages") -> None:
        self.app = create_app(Config(dialect=dialect))
        self.company: Company = companies(self.app)[0]
        self.device = next(iter(self.company.devices._devices.values()))
        self.session = self.company.sessions.open(self.device.deviceid, "somebody's")
        self.company.passings.insert(self.session.token_session, [self.company.passings.read(PASSING)])
        self.others = {device.deviceid for device in self.company.devices._devices.values()}
        self.other_sessions = {
            session.token_session for deviceid in self.others for session in self.company.sessions.of_device(deviceid)
        }
        self.written: list[str] = []
        self.bound: dict[str, Any] = {}
        self.real: dict[str, str] = {}
        self.lying = True
        for lie in lies:
            lie(self)
        # Flask calls what is registered last first: this sees each request before a lie changes it.
        self.app.before_request(self._watch)

    def _watch(self) -> None:
        if request.method == "GET" or not self.lying:
            return
        text = request.path + request.get_data(as_text=True)
        if any(named in text for named in {*self.others, *self.other_sessions}):
            self.written.append(f"{request.method} {request.path}")
        if asked() == "bindDevice":
            self.bound = orjson.loads(request.get_data())

    def change(self, operation: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Changes the body of each success of an operation."""

        @self.app.after_request
        def changed(response: Response) -> Response:
            if asked() == operation and response.status_code < 300:
                whole = orjson.loads(response.get_data())
                change(whole["body"] if whole.keys() == {"body"} else whole)
                response.set_data(orjson.dumps(whole))
            return response


def bind_names_an_existing_device(liar: Liar) -> None:
    liar.change("bindDevice", lambda body: body.update(deviceid=liar.device.deviceid))


def open_names_another_devices_session(liar: Liar) -> None:
    liar.change("insertSession", lambda body: body.update(token_session=liar.session.token_session))


def device_info_looks_new(liar: Liar) -> None:
    def change(body: dict[str, Any]) -> None:
        row = body["result"]
        if row["deviceid"] == liar.device.deviceid:
            row.update({name: liar.bound[name] for name in ("alias", "serial_number") if name in liar.bound})
            row.update(sessions=0, passings=0)

    liar.change("getDevice", change)


def list_lacks_the_device(liar: Liar) -> None:
    def change(body: dict[str, Any]) -> None:
        body["result"] = [row for row in body["result"] if row["deviceid"] != liar.device.deviceid]

    liar.change("listDevices", change)


def sessions_hold_the_other_one(liar: Liar) -> None:
    def change(body: dict[str, Any]) -> None:
        own = body["result"][-1]
        body["result"].append({**own, "token_session": liar.session.token_session})

    liar.change("getDeviceSessions", change)


def active_is_the_other_one(liar: Liar) -> None:
    liar.change("getActiveSession", lambda body: body["result"][0].update(token_session=liar.session.token_session))


def session_info_looks_new(liar: Liar) -> None:
    def change(body: dict[str, Any]) -> None:
        body["result"][0].update(passings=0, creation_date="2999-01-01T00:00:00.000Z")

    liar.change("getSession", change)


LIES: dict[str, tuple[Lie, ...]] = {
    "bind names an existing device": (bind_names_an_existing_device,),
    "and device info lies too": (bind_names_an_existing_device, device_info_looks_new),
    "and the list lies too": (bind_names_an_existing_device, device_info_looks_new, list_lacks_the_device),
    "open names another device's session": (open_names_another_devices_session,),
    "and the sessions lie too": (open_names_another_devices_session, sessions_hold_the_other_one),
    "and the active session lies too": (open_names_another_devices_session, active_is_the_other_one),
    "and all of them lie": (
        open_names_another_devices_session,
        sessions_hold_the_other_one,
        active_is_the_other_one,
        session_info_looks_new,
    ),
}
