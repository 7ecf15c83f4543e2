"""What a timing device makes of the crossings before it: passings, and the requests that bring them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from ..timestamps import render
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
_METRES_A_DEGREE = 111_320
_JITTER = 5 / _METRES_A_DEGREE


@dataclass(frozen=True, slots=True)
class Passing:
    """What a device noted of a crossing: when by its own clock, when in truth it noted it, and whom."""

    num_passing: int
    timestamp: int
    noted: int
    bib: str
    crossing: Crossing
    how: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that a device makes at a true time."""

    at: int
    passings: Sequence[Passing]
    why: str


class Device:
    """A device at a timing point. All that it will do is settled when it is made.

    part: where on the course, 0 the start, 1 the finish. missed: crossings that it did not see. offline: the true
    times between which it has no network, if it loses it.
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
        self._begin = crossings[0].time if crossings else 0
        self._offset = chance.between(-50, 50) if behaviour.clock == SYNCED else chance.between(-2000, 2000)
        self._drift = chance.between(-behaviour.drift, behaviour.drift) / 1e6
        self._place = _place(part)
        self.passings = self._passings(behaviour.misses(part))
        self.offline = self._outage() if loses_network and crossings else None
        self.deliveries = sorted(self._deliveries(), key=lambda delivery: delivery.at)

    def as_sent(self, passing: Passing) -> dict[str, Any]:
        """A passing as it stands in a request: schemas/passing-input.json."""
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

    def _passings(self, miss: float) -> list[Passing]:
        """All that the device notes, numbered in the order in which it notes it."""
        random = self._chance.random
        note = self._typed if self.by_hand else self._antenna if self._behaviour.reads == RAW else self._filtered
        noted: list[tuple[int, str, int, str]] = []
        for index, crossing in enumerate(self.crossings):
            if random() < miss:
                self.missed.append(crossing)
            else:
                noted += [(time, bib, index, how) for time, bib, how in note(crossing)]
        noted.sort()
        offset, drift, begin = self._offset, self._drift, self._begin
        return [
            Passing(number, round(time + offset + drift * (time - begin)), time, bib, self.crossings[index], how)
            for number, (time, bib, index, how) in enumerate(noted, 1)
        ]

    def _filtered(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        yield crossing.time, crossing.runner.bib, SEEN
        if self._chance.random() < self._behaviour.repeat:
            yield crossing.time + round(self._chance.between(1000, 10_000)), crossing.runner.bib, AGAIN

    def _antenna(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        """Each read while the chip is over the mat: some before the line, some after it."""
        times = sorted(crossing.time + round(self._chance.between(-700, 900)) for _ in range(self._chance.whole(3, 12)))
        for index, time in enumerate(times):
            yield time, crossing.runner.bib, AGAIN if index else SEEN
        if self._chance.random() < self._behaviour.repeat:
            yield crossing.time + round(self._chance.between(1000, 10_000)), crossing.runner.bib, AGAIN

    def _typed(self, crossing: Crossing) -> Iterator[tuple[int, str, str]]:
        time = crossing.time + round(self._chance.between(500, 3000))
        if self._chance.random() < self._behaviour.wrong_bib:
            yield time, _wrong(crossing.runner.bib, self._chance), MISTYPED
        else:
            yield time, crossing.runner.bib, TYPED

    def _outage(self) -> tuple[int, int]:
        """Somewhere in the middle of what the device sees, so that it has something to send late."""
        low, high = self._behaviour.outage_minutes
        first, last = self.crossings[0].time, self.crossings[-1].time
        length = min(round(self._chance.between(low, high) * 60_000), (last - first) // 2)
        begin = first + round(self._chance.between(0.1, 0.9) * (last - first - length))
        return begin, begin + length

    def _deliveries(self) -> Iterator[Delivery]:
        live, held = self.passings, self.passings[:0]
        if self.offline:
            begin, end = (bisect_left(self.passings, time, key=lambda passing: passing.noted) for time in self.offline)
            live, held = self.passings[:begin] + self.passings[end:], self.passings[begin:end]
            yield from self._flush(held, self.offline[1])
        yield from self._live(live)

    def _live(self, passings: Sequence[Passing]) -> Iterator[Delivery]:
        chance, behaviour = self._chance, self._behaviour
        wait = round(behaviour.batch_wait * 1000)
        free = 0.0
        for batch in _batches(passings, behaviour.batch, wait):
            full = len(batch) == behaviour.batch
            free = max(free, (batch[-1].noted if full else batch[0].noted + wait) + chance.between(200, 1500))
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
        # Jitter from the number, not from a draw: what is sent again has the same position.
        north, east = sin(number * 12.9898), sin(number * 78.233)
        latitude, longitude = self._place
        return f"{latitude + _JITTER * north:.6f}", f"{longitude + _JITTER * east:.6f}"


def _batches(passings: Sequence[Passing], size: int, wait: int) -> Iterator[Sequence[Passing]]:
    """At most `size` passings each, and none that waits more than `wait` milliseconds for the others."""
    start = 0
    for index, passing in enumerate(passings):
        if index - start == size or passing.noted - passings[start].noted > wait:
            yield passings[start:index]
            start = index
    if passings:
        yield passings[start:]


def _place(part: float) -> tuple[float, float]:
    """Where on a round course of about three kilometres."""
    latitude, longitude = _CENTRE
    return latitude + 0.0045 * sin(2 * pi * part), longitude + 0.006 * cos(2 * pi * part)


def _wrong(bib: str, chance: Chance) -> str:
    """The bib with one digit hit wrong."""
    place = chance.whole(0, len(bib) - 1)
    digit = (int(bib[place]) + chance.whole(1, 9)) % 10
    return bib[:place] + str(digit) + bib[place + 1 :]
