"""A Faker provider for the API's identifiers and objects, for test data in your own tests.

    from faker import Faker
    from rufus_mock.faker_provider import RufusProvider

    fake = Faker()
    fake.add_provider(RufusProvider)
    fake.passing(bib="7")

It needs Faker: pip install "rufus-mock[simulator]".
"""

from typing import Any

from faker.providers import BaseProvider

from .base.identifiers import epc
from .base.timestamps import parse, render

_HEX = "0123456789abcdef"
_HARDWARE = (("One4All", "One4All 5 PRO", "O4A"), ("One4All", "One4All 3", "O4A"), ("App", "RUFUS App", "APP"))
_POINTS = ("Start", "2.5 km", "5 km", "10 km", "Half", "30 km", "Finish")
_YEAR = (parse("2026-01-01T00:00:00.000Z"), parse("2027-01-01T00:00:00.000Z"))
_TWO_HOURS = 2 * 60 * 60 * 1000


class RufusProvider(BaseProvider):
    """Generates identifiers, chips and bibs, and complete devices, sessions, passings, events and participants.

    The dicts have all fields of the API in the API's order. Keyword arguments replace generated values.
    """

    def deviceid(self) -> str:
        """64 upper-case hex digits."""
        return self._hex(64).upper()

    def token_session(self) -> str:
        """64 upper-case hex digits."""
        return self._hex(64).upper()

    def api_key(self) -> str:
        """ror- and 20 lower-case hex digits."""
        return "ror-" + self._hex(20)

    def bib(self) -> str:
        """A bib number, without leading zeros."""
        return str(self._whole(1, 9999))

    def chip(self, bib: str | None = None) -> str:
        """The 96-bit EPC of a race chip as 24 hex digits. It encodes the bib. Raises ValueError for a bib like "A7"."""
        return epc(int(bib or self.bib()))

    def timestamp(self) -> str:
        """A time in 2026 in the documented form."""
        return render(self._whole(*_YEAR) - 1)

    def device(self, **fields: Any) -> dict[str, Any]:
        """A device as in a response: schemas/device.json."""
        type_, model, serial = self._one(_HARDWARE)
        created = self._whole(_YEAR[0], _YEAR[1] - 1)
        return {
            "deviceid": self.deviceid(),
            "type": type_,
            "model": model,
            "alias": self._one(_POINTS),
            "firmware": f"{self._whole(1, 3)}.{self._whole(0, 9)}.{self._whole(0, 9)}",
            "serial_number": f"{serial}-{self._whole(0, 99999):05d}",
            "creation_date": render(created),
            "sessions": self._whole(0, 20),
            "passings": self._whole(0, 20_000),
            "last_seen": render(created + self._whole(0, 90 * 24 * 60 * 60 * 1000)),
            **fields,
        }

    def session(self, **fields: Any) -> dict[str, Any]:
        """A session as in a response: schemas/session.json."""
        created = self._whole(_YEAR[0], _YEAR[1] - 1)
        first = created + self._whole(0, _TWO_HOURS)
        return {
            "token_session": self.token_session(),
            "alias": f"{self._one(_POINTS)}-{self._one(('5K', '10K', '21K', '42K'))}".upper(),
            "creation_date": render(created),
            "duration": render(created + _TWO_HOURS),
            "active": self._whole(0, 1) == 1,
            "passings": self._whole(2, 5000),
            "first": render(first),
            "last": render(first + self._whole(1, _TWO_HOURS)),
            **fields,
        }

    def passing(self, **fields: Any) -> dict[str, Any]:
        """A passing as in a response: schemas/passing.json. The chip encodes the bib; None for a bib like "A7"."""
        bib = fields.get("bib") or self.bib()
        return {
            "token_session": self.token_session(),
            "timestamp": self.timestamp(),
            "num_passing": self._whole(1, 5000),
            "latitude": f"{self._whole(-89_999999, 89_999999) / 1e6:.6f}",
            "longitude": f"{self._whole(-179_999999, 179_999999) / 1e6:.6f}",
            "status": "Sent",
            "participant_id": self._hex(8).upper(),
            "chip": self.chip(bib) if bib.isdecimal() and bib.isascii() else None,
            "bib": bib,
            "timezone": self._one(("UTC", "CET", "Europe/Madrid")),
            "gender": self._one(("M", "F", None)),
            "deviceid": self.deviceid(),
            **fields,
        }

    def event(self, **fields: Any) -> dict[str, Any]:
        """An event as it is read: schemas/event-summary.json."""
        city = self.generator.city()
        start = self._whole(_YEAR[0], _YEAR[1] - 1)
        return {
            "event_token": self._hex(64).upper(),
            "name": f"{city} {self._one(('5K', '10K', 'Half Marathon', 'Marathon'))}",
            "edition": str(self._whole(2020, 2030)),
            "location": city,
            "start_date": render(start),
            "end_date": render(start + self._whole(1, 12) * 60 * 60 * 1000),
            "status": self._one(("DRAFT", "PUBLISHED")),
            **fields,
        }

    def participant(self, **fields: Any) -> dict[str, Any]:
        """A participant: bib, chip, participant_id, first_name, last_name, gender, birth_year.

        The vendor has not published the format of participants, so this one is our own.
        """
        bib = fields.get("bib") or self.bib()
        gender = fields.get("gender") or self._one(("M", "F"))
        name = self.generator.first_name_male if gender == "M" else self.generator.first_name_female
        return {
            "bib": bib,
            "chip": self.chip(bib),
            "participant_id": self._hex(8).upper(),
            "first_name": name(),
            "last_name": self.generator.last_name(),
            "gender": gender,
            "birth_year": self._whole(1950, 2008),
            **fields,
        }

    # All random numbers come from random(): the other methods of Random may change between versions of Python.

    def _hex(self, digits: int) -> str:
        return "".join(_HEX[self._whole(0, 15)] for _ in range(digits))

    def _whole(self, low: int, high: int) -> int:
        return low + int((high - low + 1) * self.generator.random.random())

    def _one(self, choices: tuple[Any, ...]) -> Any:
        return choices[self._whole(0, len(choices) - 1)]
