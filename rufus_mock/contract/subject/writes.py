"""Writes to devices of the run's own, and keeps the model in step with what was answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..explore.explorer import CannotGoOn
from ..run import Run
from .model import DeviceModel, SessionModel

MODEL_NAME = "Contract test"


def bind(run: Run, **fields: Any) -> DeviceModel:
    """A new device, whose alias says whose it is. Raises CannotGoOn where the answer does not name it."""
    described = {
        "type": "contract-test",
        "model": MODEL_NAME,
        "serial_number": run.fresh_serial_number(),
        "alias": run.label,
        "firmware": "1.0.1",
        **fields,
    }
    exchange = run.ask("bindDevice", body=described)
    deviceid = run.expect(exchange).get("deviceid")
    if not isinstance(deviceid, str) or not deviceid:
        raise CannotGoOn("the answer to bindDevice names no device")
    return DeviceModel(deviceid, described)


def open_session(run: Run, device: DeviceModel, alias: str | None = None) -> SessionModel:
    """A new session on the device, which closes its active one."""
    body = {"deviceid": device.deviceid, **({} if alias is None else {"alias": alias})}
    exchange = run.ask("insertSession", body=body)
    token_session = run.expect(exchange).get("token_session")
    if not isinstance(token_session, str) or not token_session:
        raise CannotGoOn("the answer to insertSession names no session")
    return device.opened(token_session, alias)


def close(run: Run, session: SessionModel) -> None:
    """Close a session that is open."""
    exchange = run.ask("closeSession", {"token_session": session.token_session})
    run.expect(exchange, echo={"token_session": session.token_session})
    session.close("closeSession")


def insert(run: Run, device: DeviceModel, session: SessionModel, entries: Sequence[Mapping[str, Any]]) -> None:
    """Insert passings that are all new."""
    body = {"token_session": session.token_session, "passings_list": list(entries)}
    exchange = run.ask("insertPassings", body=body)
    if exchange.reply.status >= 400:
        device.certain = False
    answer = run.expect(exchange, echo={"token_session": session.token_session})
    device.inserted(session, entries)
    if "inserted_count" in answer:
        count = answer["inserted_count"]
        run.rule(exchange, "fresh-count", count == len(entries), str(len(entries)), str(count), "/inserted_count")
    if "duplicate_count" in answer and run.dialect == "openapi":
        count = answer["duplicate_count"]
        run.rule(exchange, "fresh-count", count == 0, "0", str(count), "/duplicate_count")


def unbind(run: Run, device: DeviceModel) -> None:
    """Unbind a device that is bound."""
    exchange = run.ask("unbindDevice", {"deviceid": device.deviceid})
    run.expect(exchange, echo={"deviceid": device.deviceid})
