"""Runs the probes against a target, removes what they made, and makes the profile."""

import secrets
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from ..base.defaults import CALIBRATION_READS, CALIBRATION_WRITES
from ..contract.session.cleanup import clean_up, left_by_interruption
from ..contract.session.errors import BudgetSpent, CannotGoOn, CouldNotRun, Stopped
from ..contract.session.options import Options
from ..contract.session.target import check_url, find_writer, look_at
from .laboratory.answer import text_of
from .laboratory.evidence import ROUNDS, Evidence
from .laboratory.lab import Lab
from .laboratory.masking import Mask
from .laboratory.material import Material
from .laboratory.probe import Probe
from .laboratory.target import Target
from .laboratory.verdicts import Judge
from .probes import PROBES

RESERVED = 40
"""Of the requests with writes, so many are kept for removing what the run made."""

Progress = Callable[[int, int, str], None]


@dataclass
class Result:
    """A profile, and what a person must know about the run. stopped: why it ended early, or None."""

    profile: dict[str, Any]
    left_behind: list[str] = field(default_factory=list)
    stopped: str | None = None
    interrupted: bool = False
    defects: list[str] = field(default_factory=list)


class Calibration:
    """A run from its first request to the removal of what it made. Raises CouldNotRun if the target is no API."""

    def __init__(self, options: Options, probes: Sequence[Probe] = PROBES) -> None:
        self._probes = probes
        self._began = datetime.now(UTC)
        self._target = Target(_limited(options), f"{self._began:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        self._evidence = Evidence()
        self._mask = Mask(self._target.mask)
        self._bodies: dict[str, list[Any]] = {}
        self._labs = [Lab(self._target, self._evidence, self._mask, number, self._bodies) for number in range(ROUNDS)]
        self._doubt: str | None = None
        self._left: Sequence[Probe] = ()

    def run(self, progress: Progress | None = None) -> Result:
        """Measure everything that can be measured within the limits."""
        result = Result({})
        try:
            self._begin()
            self._carry_out(progress)
            self._doubt = self._doubt or self._departure()
        except (BudgetSpent, Stopped) as error:
            result.stopped = self._target.mask(str(error))
        except KeyboardInterrupt:
            result.interrupted = True
        except CouldNotRun:
            raise
        except Exception as error:
            result.stopped = self._defect(error)
        try:
            result.left_behind = clean_up(self._target)
        except KeyboardInterrupt:
            result.left_behind, result.interrupted = left_by_interruption(self._target), True
        except Exception as error:
            result.left_behind = left_by_interruption(self._target, self._defect(error))
        finally:
            self._target.transport.close()
        result.profile = self._profile(result.stopped)
        result.defects = self._evidence.defects
        return result

    def _defect(self, error: Exception) -> str:
        """Notes a defect outside a probe. Returns what it ends."""
        self._evidence.defects.append("".join(traceback.format_exception(error)))
        return f"a defect of the calibration: {type(error).__name__}"

    def _begin(self) -> None:
        check_url(self._target.options.base_url)
        try:
            look_at(self._target)
            if self._target.options.allow_writes:
                find_writer(self._target)
        except Stopped as error:
            self._target.transport.close()
            raise CouldNotRun(str(error)) from error
        except CouldNotRun:
            self._target.transport.close()
            raise

    def _carry_out(self, progress: Progress | None) -> None:
        self._doubt = self._departure()
        if self._doubt is not None:
            return
        read: dict[str, list[Any]] = {}
        rounds = [(lab, Material(lab, read)) for lab in self._labs]
        for number, probe in enumerate(self._probes):
            if progress:
                progress(number, len(self._probes), probe.name)
            self._left = self._probes[number:]
            for lab, material in rounds[: 1 if probe.once else ROUNDS]:
                probe.run(lab, material)

    def _departure(self) -> str | None:
        """What the target answers otherwise than the vendor's pages say; None if it is the API that they describe."""
        lab = Lab(self._target, self._evidence, self._mask, 0, {})
        try:
            session, device = lab.unknown_session, lab.unknown_device
        except CannotGoOn as error:
            return f"a target that answers documented requests: {error}"
        texts = (text_of("getSession", "SessionNotFound"), text_of("getDevice", "DeviceNotFound"))
        as_documented = session.description == texts[0] or device.description == texts[1]
        if (session.status, device.status) != (404, 404) or not as_documented:
            return "a target that answers 404 to unknown devices and sessions, as documented: see rufus-mock contract"
        return None

    def _profile(self, stopped: str | None) -> dict[str, Any]:
        dialect = self._target.dialect or "pages"
        judge = Judge(self._evidence, self._mask, dialect, self._doubt)
        for probe in self._left if stopped else ():
            self._evidence.lack(probe.ids, f"a longer run; this one ended early: {stopped}")
        return {
            "profile": 1,
            "made": {
                "at": self._began.isoformat(timespec="seconds"),
                "version": version("rufus-mock"),
                "dialect": dialect,
                "writes": not self._target.writes_off,
                "requests": self._target.transport.sent,
            },
            "assumptions": judge.verdicts(self._target.contract.assumptions),
            "texts": self._texts(),
        }

    def _texts(self) -> dict[str, Any]:
        """The bodies of errors by name, if they were the same each time."""
        texts = {}
        for name, answers in sorted(self._bodies.items()):
            found = [{"status": answer.status, "body": self._mask.body(answer)} for answer in answers]
            if all(each == found[0] for each in found):
                texts[name] = found[0]
        return texts


def calibrate(options: Options, progress: Progress | None = None, probes: Sequence[Probe] = PROBES) -> Result:
    """Measure the API at options.base_url. Raises CouldNotRun."""
    return Calibration(options, probes).run(progress)


def _limited(options: Options) -> Options:
    """The options with a budget that a run never exceeds."""
    most = CALIBRATION_WRITES - RESERVED if options.allow_writes else CALIBRATION_READS
    return replace(options, budget=min(options.budget or most, most))
