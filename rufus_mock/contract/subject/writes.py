"""Writes to devices of the run's own. Each keeps the model in step with what was answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...spec.dialects import OPENAPI
from ..judge.exchange import JudgedExchange
from ..judge.statements import Statement, rule
from ..run import Run
from .model import DeviceModel, SessionModel

_FRESH_COUNT = rule("fresh-count")

_COORDINATES = ("latitude", "longitude")


def new_device(run: Run, **fields: Any) -> dict[str, Any]:
    """What it takes to bind a device that can be recognised as the run's own."""
    return {
        "model": "Contract test",
        "serial_number": run.fresh_serial_number(),
        "alias": run.label,
        **fields,
    }


def bind(run: Run, **fields: Any) -> DeviceModel:
    """Binds a new device. Raises CannotGoOn if the answer does not name it."""
    described = new_device(run, **{"type": "contract-test", "firmware": "1.0.1", **fields})
    exchange = run.ask("bindDevice", body=described)
    return DeviceModel(exchange.expect().text("deviceid"), described)


def open_session(run: Run, device: DeviceModel, alias: str | None = None) -> SessionModel:
    """Opens a session on the device, which closes its active one."""
    body = {"deviceid": device.deviceid, **({} if alias is None else {"alias": alias})}
    exchange = run.ask("insertSession", body=body)
    return device.opened(exchange.expect().text("token_session"), alias)


def close(run: Run, session: SessionModel) -> None:
    """Closes a session that is open."""
    exchange = run.ask("closeSession", {"token_session": session.token_session})
    exchange.expect(echo={"token_session": session.token_session})
    session.close("closeSession")


def insert(run: Run, device: DeviceModel, session: SessionModel, entries: Sequence[Mapping[str, Any]]) -> None:
    """Inserts passings that are all new."""
    body = insertion(run, session.token_session, entries)
    exchange = run.ask("insertPassings", body=body)
    if exchange.status >= 400:
        device.certain = False
    answer = exchange.expect(echo={"token_session": session.token_session})
    device.inserted(session, body["passings_list"])
    exchange.against(_FRESH_COUNT).field_is(len(entries), answer, "inserted_count", "")
    if run.dialect == OPENAPI:
        exchange.against(_FRESH_COUNT).field_is(0, answer, "duplicate_count", "")


def insertion(run: Run, token_session: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A body that inserts passings and is valid in the target's dialect: in `openapi`, coordinates are numbers."""
    if run.dialect == OPENAPI:
        entries = [
            {
                name: float(value) if name in _COORDINATES and value is not None else value
                for name, value in entry.items()
            }
            for entry in entries
        ]
    return {"token_session": token_session, "passings_list": list(entries)}


def unbind(run: Run, device: DeviceModel) -> None:
    """Unbinds a device that is bound."""
    exchange = run.ask("unbindDevice", {"deviceid": device.deviceid})
    exchange.expect(echo={"deviceid": device.deviceid})


def try_to_bind(run: Run, statement: Statement, **fields: Any) -> DeviceModel | None:
    """Binds a device whose values may be refused; the statement is broken then."""
    described = new_device(run, **fields)
    exchange = run.ask("bindDevice", body=described)
    if not _is_accepted(exchange, statement):
        return None
    return DeviceModel(exchange.expect().text("deviceid"), described)


def try_to_open(run: Run, statement: Statement, device: DeviceModel, alias: str) -> SessionModel | None:
    """Opens a session whose alias may be refused."""
    exchange = run.ask("insertSession", body={"deviceid": device.deviceid, "alias": alias})
    if not _is_accepted(exchange, statement):
        return None
    return device.opened(exchange.expect().text("token_session"), alias)


def try_to_insert(
    run: Run, statement: Statement, device: DeviceModel, session: SessionModel, entries: Sequence[Mapping[str, Any]]
) -> bool:
    """Inserts passings that are all new, and whose values may be refused."""
    body = insertion(run, session.token_session, entries)
    exchange = run.ask("insertPassings", body=body)
    if not _is_accepted(exchange, statement):
        return False
    answer = exchange.expect(echo={"token_session": session.token_session})
    device.inserted(session, body["passings_list"])
    exchange.against(_FRESH_COUNT).field_is(len(entries), answer, "inserted_count", "")
    return True


def _is_accepted(exchange: JudgedExchange, statement: Statement) -> bool:
    accepted = exchange.status // 100 != 4
    return exchange.against(statement).status_fits(accepted, "accepted")
