"""How devices behave, with what is usual as defaults. Shares are from 0 to 1."""

from dataclasses import dataclass, fields

FILTERED = "filtered"
RAW = "raw"
SYNCED = "synced"
BY_HAND = "by-hand"


@dataclass(frozen=True)
class Behaviour:
    """What the devices of a race do.

    reads: "filtered", one passing a crossing, or "raw", each read of the antenna.
    miss_start, miss_split, miss_finish: share of the crossings that a device does not see.
    repeat: share that is seen again 1 to 10 s later.
    batch, batch_wait: passings a request at most, and the seconds that a batch waits for more of them.
    overtake: share of requests that arrive after later ones.
    outages, outage_minutes: how many devices lose the network once, and for how long, from and to.
    flush, resend: passings of a batch after an outage, from and to, and the share of these batches that is sent again,
    as by a device whose answer was lost.
    clock, drift: "synced" (±50 ms) or "by-hand" (±2 s), and how far it runs off, in millionths, either way.
    manual, wrong_bib: names of the points where the user of a phone types bibs, and the share that is wrong.
    gps: positions, or "0.0".
    """

    reads: str = FILTERED
    miss_start: float = 0.025
    miss_split: float = 0.01
    miss_finish: float = 0.005
    repeat: float = 0.03
    batch: int = 1
    batch_wait: float = 5.0
    overtake: float = 0.02
    outages: int = 1
    outage_minutes: tuple[float, float] = (0.5, 20.0)
    flush: tuple[int, int] = (50, 500)
    resend: float = 0.2
    clock: str = SYNCED
    drift: float = 5.0
    manual: tuple[str, ...] = ()
    wrong_bib: float = 0.0075
    gps: bool = True

    def __post_init__(self) -> None:
        if self.reads not in (FILTERED, RAW):
            raise ValueError(f"reads: {FILTERED} or {RAW}, not {self.reads!r}")
        if self.clock not in (SYNCED, BY_HAND):
            raise ValueError(f"clock: {SYNCED} or {BY_HAND}, not {self.clock!r}")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is float and field.name not in ("drift", "batch_wait") and not 0 <= value <= 1:
                raise ValueError(f"{field.name}: a share from 0 to 1, not {value}")
            if isinstance(value, tuple) and field.name != "manual" and not 0 < value[0] <= value[1]:
                raise ValueError(f"{field.name}: from and to, more than 0, in rising order, not {value}")
        for name, least in (("batch", 1), ("batch_wait", 0), ("outages", 0), ("drift", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: at least {least}, not {getattr(self, name)}")

    def misses(self, part: float) -> float:
        """The share that a device at a part of the course does not see."""
        return self.miss_start if part == 0 else self.miss_finish if part == 1 else self.miss_split
