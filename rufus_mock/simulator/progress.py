"""Displays the progress of a run: the race clock, and one row per device."""

import sys
import time

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ..base.printable import printable
from ..race import Race
from .delivery import FAILED, OFFLINE, SENDING, Run
from .race_clock import race_time

_REFRESH = 0.25
_STYLES = {FAILED: "red", OFFLINE: "yellow", SENDING: "green"}


class Progress:
    """Displays a run as a table: live on a terminal, otherwise once at the end."""

    def __init__(self, run: Run, race: Race, speed: float, console: Console | None = None) -> None:
        self._run = run
        self._race = race
        self._speed = speed
        self._console = console or Console(file=sys.stderr)
        self._started = time.monotonic()

    def show(self) -> None:
        """Display the run and return when it has ended."""
        if self._console.is_terminal:
            with Live(self.table(), console=self._console, auto_refresh=False) as live:
                while not self._run.join(_REFRESH):
                    live.update(self.table(), refresh=True)
                live.update(self.table(), refresh=True)
        else:
            self._run.join()
            self._console.print(self.table())

    def table(self) -> Table:
        """The current state of the run."""
        counts = [device.count for device in self._run.devices]
        sent, pending = sum(count.sent for count in counts), sum(count.pending for count in counts)
        rate = sent / max(time.monotonic() - self._started, 0.001)
        speed = f"{self._speed:g} × real time" if self._speed else "as fast as possible"
        settings = self._race.settings
        table = Table(
            box=SIMPLE_HEAD,
            title=f"{settings.name}, {settings.runners} runners   race clock {race_time(self.elapsed)}   {speed}",
            caption=f"{sent} sent, {pending} pending, {rate:,.0f} passings/s",
            title_justify="left",
            caption_justify="left",
        )
        for name in ("Point", "State"):
            table.add_column(name, no_wrap=True)
        for name in ("Sent", "Pending", "Again", "Retries", "Refused"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("Last error", overflow="ellipsis", no_wrap=True, ratio=1)
        for device in self._run.devices:
            count = device.count
            numbers = (count.sent, count.pending, count.again, count.retries, count.refused)
            table.add_row(
                device.device.point,
                Text(count.state, _STYLES.get(count.state, "")),
                *map(str, numbers),
                Text(printable(count.error)),
            )
        return table

    @property
    def elapsed(self) -> int:
        """Milliseconds on the race clock since the start; negative before it."""
        return self._run.clock.now() - self._race.settings.start
