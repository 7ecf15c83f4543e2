"""What identifies a device, how devices are listed, and what they show."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..base.errors import ApiError, DeviceAlreadyBound, DeviceAlreadyBoundReworded, DevicesNotFound
from ..spec.dialects import Schema
from .constraints import closed, opened, unchanged, with_type
from .listing import as_stored, pagination_in_pages
from .statement import Refusal, Statement, always


class Hardware(NamedTuple):
    """What may identify a device."""

    serial_number: str
    model: str
    type: str | None


Known = Sequence[tuple[str, Hardware]]
"""Devices that a company has or had: their deviceids and what may identify them."""

Find = Callable[[Known, Hardware], str | None]
"""Finds the deviceid of the first device that is the same as some hardware."""


def _first(same: Callable[[Hardware, Hardware], bool]) -> Find:
    def find(known: Known, hardware: Hardware) -> str | None:
        return next((deviceid for deviceid, other in known if same(other, hardware)), None)

    return find


IDENTITY = Statement[[Known, Hardware], str | None](
    "devices.identity",
    {
        "serial-and-model": _first(lambda one, other: one[:2] == other[:2]),
        "serial": _first(lambda one, other: one.serial_number == other.serial_number),
        "serial-model-and-type": _first(lambda one, other: one == other),
    },
    changes_state=True,
)

REBIND = Statement[[Known, Hardware, Find], Known](
    "devices.rebind",
    {"new-id": lambda _unbound, _hardware, _find: (), "same-id": lambda unbound, _hardware, _find: unbound},
    differs=lambda unbound, hardware, find: find(unbound, hardware) is not None,
    changes_state=True,
)
"""Which of the devices that were unbound can get their deviceid again. find: the function of IDENTITY."""

BIND_AGAIN = Statement[[], int | None]("devices.bind-again", {"409": always(None), "200": always(200)})
"""The status with which binding again succeeds; None if it is refused."""

Reworded = tuple[type[ApiError], str | None]
"""An error, and the text that replaces its own; None keeps it."""

BIND_AGAIN_TEXT = Statement[[], Reworded](
    "devices.bind-again-text",
    {"binded": always((DeviceAlreadyBound, None)), "bound": always((DeviceAlreadyBoundReworded, None))},
    captured=lambda text: always((DeviceAlreadyBound, text)),
)


ORDER = Statement[[Sequence[str], int, int], Sequence[str]](
    "devices.order",
    {
        "oldest-first": as_stored,
        "newest-first": lambda deviceids, start, stop: deviceids[::-1][start:stop],
        "by-id": lambda deviceids, start, stop: sorted(deviceids)[start:stop],
    },
)
"""The page from start to stop of a list of deviceids in which the device that was bound first comes first."""

EMPTY_LIST = Statement[[], Refusal]("devices.empty-list", {"200": always(None), "404": always(DevicesNotFound)})

PAST_THE_END = Statement[[], Refusal]("devices.past-the-end", {"200": always(None), "404": always(DevicesNotFound)})

PAGINATION = pagination_in_pages("devices.pagination")


LAST_SEEN = Statement[[int, int | None, int | None], int | None](
    "devices.last-seen",
    {
        "latest-contact": lambda contact, _passing, _insert: contact,
        "latest-passing": lambda _contact, passing, _insert: passing,
        "last-insert": lambda _contact, _passing, insert: insert,
        "null": lambda _contact, _passing, _insert: None,
    },
)
"""contact: when the device last did something. passing: the time of its latest one. insert: when it last sent some."""

TYPE = Statement[[Schema], Schema]("devices.type", {"optional": unchanged, "required": with_type}, tried=True)
"""The schema of the request that binds a device."""

UNKNOWN_FIELDS = Statement[[Schema], Schema](
    "devices.unknown-fields", {"ignored": opened, "refused": closed}, tried=True
)
"""The schema of the request that binds a device."""
