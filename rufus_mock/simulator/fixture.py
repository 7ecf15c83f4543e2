"""Writes a finished race as a fixture, with all passings in the file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from ..base.identifiers import Identifiers
from ..base.timestamps import render
from ..fixtures.builtin import shared_companies
from ..race import Race

_HOUR = 60 * 60 * 1000


@dataclass(frozen=True)
class Session:
    """A device with one session and its passings. created and last_seen are milliseconds since the epoch."""

    alias: str
    type: str
    model: str
    firmware: str | None
    serial_number: str
    created: int
    last_seen: int
    passings: Sequence[dict[str, Any]]


def sessions_of(race: Race) -> Iterator[Session]:
    """The devices of a race with their sessions, as they are after the race."""
    start = race.settings.start
    for device in race.devices:
        last = max((delivery.at for delivery in device.deliveries), default=start)
        passings = [device.as_sent(passing) for passing in device.passings]
        yield Session(
            device.alias,
            device.type,
            device.model,
            device.firmware,
            device.serial_number,
            start - _HOUR,
            last,
            passings,
        )


def write_fixture(sessions: Sequence[Session], description: str, seed: int, file: TextIO) -> None:
    """Write a fixture with these devices and with the companies and keys that all built-in fixtures share."""
    identifiers = Identifiers(seed)
    lines: dict[str, list[str]] = {}
    devices = []
    for session in sessions:
        deviceid, token_session = identifiers.new(), identifiers.new()
        lines[token_session] = [_line(passing) for passing in session.passings]
        session_entry = {
            "token_session": token_session,
            "alias": session.alias,
            "creation_date": render(session.created),
            "active": False,
            "passings": [token_session],
        }
        devices.append(
            {
                "deviceid": deviceid,
                "type": session.type,
                "model": session.model,
                "alias": session.alias,
                "firmware": session.firmware,
                "serial_number": session.serial_number,
                "creation_date": render(session.created),
                "last_seen": render(session.last_seen),
                "sessions": [session_entry],
            }
        )
    first, *others = shared_companies()
    world = {"description": description, "companies": [{**first, "devices": devices}, *others]}
    text = json.dumps(world, indent=2, ensure_ascii=False)
    # One line per passing keeps the file readable and easy to compare.
    for token_session, passings in lines.items():
        placeholder = f'[\n                "{token_session}"\n              ]'
        text = text.replace(placeholder, "[\n" + ",\n".join(passings) + "\n]" if passings else "[]")
    file.write(text + "\n")


def _line(passing: dict[str, Any]) -> str:
    members = {name: value for name, value in passing.items() if value is not None}
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))
