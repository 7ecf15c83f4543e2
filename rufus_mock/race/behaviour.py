"""How the timing devices of a race behave. The defaults are typical of real devices; shares range from 0 to 1."""

from dataclasses import dataclass, fields

FILTERED = "filtered"
RAW = "raw"
SYNCED = "synced"
BY_HAND = "by-hand"


@dataclass(frozen=True)
class Behaviour:
    """The behaviour of all devices of a race. Raises ValueError for a value that is out of range.

    reads: "filtered" (one passing per crossing) or "raw" (one passing per read of the antenna).
    miss_start, miss_split, miss_finish: share of the crossings that the device does not detect.
    repeat: share of the crossings that are detected a second time, 1 to 10 s later.
    batch, batch_wait: maximum number of passings per request, and how many seconds a batch waits to fill.
    overtake: share of the requests that arrive after later ones.
    outages, outage_minutes: number of devices that lose the network once, and the shortest and longest outage.
    flush, resend: smallest and largest batch after an outage, and the share of these batches that the device sends
    twice, as it does when the response to the first request was lost.
    clock, drift: "synced" (within ±50 ms) or "by-hand" (within ±2 s), and the maximum drift in parts per million,
    fast or slow.
    manual, wrong_bib: names of the points where somebody types the bibs into a phone, and the share of wrong bibs.
    gps: whether devices report their position; if not, the coordinates are "0.0".
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
            raise ValueError(f"reads: must be {FILTERED} or {RAW}, not {self.reads!r}")
        if self.clock not in (SYNCED, BY_HAND):
            raise ValueError(f"clock: must be {SYNCED} or {BY_HAND}, not {self.clock!r}")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.type is float and field.name not in ("drift", "batch_wait") and not 0 <= value <= 1:
                raise ValueError(f"{field.name}: must be a share from 0 to 1, not {value}")
            if isinstance(value, tuple) and field.name != "manual" and not 0 < value[0] <= value[1]:
                raise ValueError(
                    f"{field.name}: must be two positive numbers, the smaller first, not {value[0]} {value[1]}"
                )
        for name, minimum in (("batch", 1), ("batch_wait", 0), ("outages", 0), ("drift", 0)):
            if getattr(self, name) < minimum:
                raise ValueError(f"{name}: must be at least {minimum}, not {getattr(self, name)}")

    def miss_rate(self, part: float) -> float:
        """The share of crossings missed by a device at a part of the course: 0 is the start, 1 the finish."""
        return self.miss_start if part == 0 else self.miss_finish if part == 1 else self.miss_split
