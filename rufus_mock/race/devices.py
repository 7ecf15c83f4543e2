"""Turns the crossings at a timing point into the passings that its device records and the requests that it sends."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from ..base.timestamps import render
from .behaviour import RAW, SYNCED, Behaviour
from .chance import Chance
from .field import Crossing

SEEN = "seen"
AGAIN = "seen again"
MISSED = "missed"
TYPED = "typed"
MISTYPED = "mistyped"

LIVE = "live"
FLUSHED = "flushed"
RESENT = "sent again"

NO_FIX = "0.0"
TIMEZONE = "Europe/Madrid"

_MODELS = (("One4All", "One4All 5 PRO", "1.0.1"), ("App", "RUFUS App", "3.2.0"))
_CENTRE = (40.4153, -3.6845)
_METRES_PER_DEGREE = 111_320
_JITTER = 5 / _METRES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Passing:
    """A passing recorded by a device. timestamp: the time on the device's clock. recorded: the true time."""

    num_passing: int
    timestamp: int
    recorded: int
    bib: str
    crossing: Crossing
    how: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that a device sends. at: the true time, in milliseconds."""

    at: int
    passings: Sequence[Passing]
    why: str


class Device:
    """The device at a timing point. Creating it computes everything that it will record and send.

    part: its place on the course, from 0 (start) to 1 (finish). missed: the crossings that it did not detect. offline:
    the true times at which it loses the network and regains it, or None.
    """

    def __init__(
        self,
        point: str,
        kilometres: float,
        part: float,
        serial_number: str,
        crossings: Sequence[Crossing],
        behaviour: Behaviour,
        loses_network: bool,
        chance: Chance,
    ) -> None:
        self.point = point
        self.kilometres = kilometres
        self.alias = point
        self.serial_number = serial_number
        self.by_hand = point in behaviour.manual
        self.type, self.model, self.firmware = _MODELS[self.by_hand]
        self.crossings = crossings
        self.missed: list[Crossing] = []
        self._behaviour = behaviour
        self._chance = chance
        self._first_crossing = crossings[0].time if crossings else 0
        self._offset = chance.between(-50, 50) if behaviour.clock == SYNCED else chance.between(-2000, 2000)
        self._drift = chance.between(-behaviour.drift, behaviour.drift) / 1e6
        self._place = _place(part)
        self.passings = self._passings(behaviour.miss_rate(part))
        self.offline = self._outage() if loses_network and crossings else None
        self.deliveries = sorted(self._deliveries(), key=lambda delivery: delivery.at)

    def as_sent(self, passing: Passing) -> dict[str, Any]:
        """A passing in the form in which the device sends it: schemas/passing-input.json."""
        latitude, longitude = self._position(passing.num_passing)
        return {
            "timestamp": render(passing.timestamp),
            "num_passing": passing.num_passing,
            "latitude": latitude,
            "longitude": longitude,
            "status": "Sent",
            "chip": None if self.by_hand else passing.crossing.runner.chip,
            "bib": passing.bib,
            "timezone": TIMEZONE,
        }

    def _passings(self, miss_rate: float) -> list[Passing]:
        """Everything that the device records, numbered in the order of recording."""
        random = self._chance.random
        record = self._typed if self.by_hand else self._antenna if self._behaviour.reads == RAW else self._filtered
        recorded: list[tuple[int, str, int, str]] = []
        for index, crossing in enumerate(self.crossings):
            if random() < miss_rate:
                self.missed.append(crossing)
            else:
                recorded += [(time, bib, index, how) for time, bib, how in record(crossing)]
        recorded.sort()
        offset, drift, first = self._offset, self._drift, self._first_crossing
        return [
            Passing(number, round(time + offset + drift * (time - first)), time, bib, self.crossings[index], how)
            for number, (time, bib, index, how) in enumerate(recorded, 1)
        ]

    def _filtered(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        yield crossing.time, crossing.runner.bib, SEEN
        if self._chance.random() < self._behaviour.repeat:
            yield crossing.time + round(self._chance.between(1000, 10_000)), crossing.runner.bib, AGAIN

    def _antenna(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        """Every read while the chip is over the mat: some before the runner crosses the line, some after."""
        times = sorted(crossing.time + round(self._chance.between(-700, 900)) for _ in range(self._chance.whole(3, 12)))
        for index, time in enumerate(times):
            yield time, crossing.runner.bib, AGAIN if index else SEEN
        if self._chance.random() < self._behaviour.repeat:
            yield crossing.time + round(self._chance.between(1000, 10_000)), crossing.runner.bib, AGAIN

    def _typed(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        time = crossing.time + round(self._chance.between(500, 3000))
        if self._chance.random() < self._behaviour.wrong_bib:
            yield time, _mistype(crossing.runner.bib, self._chance), MISTYPED
        else:
            yield time, crossing.runner.bib, TYPED

    def _outage(self) -> tuple[int, int]:
        """An outage while runners cross the point, so that the device has passings to send late."""
        low, high = self._behaviour.outage_minutes
        first, last = self.crossings[0].time, self.crossings[-1].time
        length = min(round(self._chance.between(low, high) * 60_000), (last - first) // 2)
        start = first + round(self._chance.between(0.1, 0.9) * (last - first - length))
        return start, start + length

    def _deliveries(self) -> Iterator[Delivery]:
        live = self.passings
        if self.offline:
            start, end = (
                bisect_left(self.passings, time, key=lambda passing: passing.recorded) for time in self.offline
            )
            live, buffered = self.passings[:start] + self.passings[end:], self.passings[start:end]
            yield from self._flush(buffered, self.offline[1])
        yield from self._live(live)

    def _live(self, passings: Sequence[Passing]) -> Iterator[Delivery]:
        chance, behaviour = self._chance, self._behaviour
        wait = round(behaviour.batch_wait * 1000)
        free = 0.0
        for batch in _batches(passings, behaviour.batch, wait):
            full = len(batch) == behaviour.batch
            free = max(free, (batch[-1].recorded if full else batch[0].recorded + wait) + chance.between(200, 1500))
            late = chance.between(2_000, 15_000) if chance.random() < behaviour.overtake else 0
            yield Delivery(round(free + late), batch, LIVE)

    def _flush(self, passings: Sequence[Passing], at: float) -> Iterator[Delivery]:
        chance, behaviour = self._chance, self._behaviour
        while passings:
            size = chance.whole(*behaviour.flush)
            batch, passings = passings[:size], passings[size:]
            at += chance.between(500, 3000)
            yield Delivery(round(at), batch, FLUSHED)
            if chance.random() < behaviour.resend:
                yield Delivery(round(at + chance.between(5_000, 30_000)), batch, RESENT)

    def _position(self, number: int) -> tuple[str, str]:
        if not self._behaviour.gps:
            return NO_FIX, NO_FIX
        # The jitter depends on the number only, so a passing that is sent again has the same position.
        north, east = sin(number * 12.9898), sin(number * 78.233)
        latitude, longitude = self._place
        return f"{latitude + _JITTER * north:.6f}", f"{longitude + _JITTER * east:.6f}"


def _batches(passings: Sequence[Passing], size: int, wait: int) -> Iterator[Sequence[Passing]]:
    """Batches of at most `size` passings, in which no passing waits more than `wait` milliseconds for the others."""
    start = 0
    for index, passing in enumerate(passings):
        if index - start == size or passing.recorded - passings[start].recorded > wait:
            yield passings[start:index]
            start = index
    if passings:
        yield passings[start:]


def _place(part: float) -> tuple[float, float]:
    """The coordinates of a part of the course, a loop of about three kilometres."""
    latitude, longitude = _CENTRE
    return latitude + 0.0045 * sin(2 * pi * part), longitude + 0.006 * cos(2 * pi * part)


def _mistype(bib: str, chance: Chance) -> str:
    """The bib with one wrong digit."""
    place = chance.whole(0, len(bib) - 1)
    digit = (int(bib[place]) + chance.whole(1, 9)) % 10
    return bib[:place] + str(digit) + bib[place + 1 :]
