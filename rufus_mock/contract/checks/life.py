"""The life of several similar devices: after each write, everything is read and compared with the model."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial, reduce

from ..reads import compare_everything
from ..run import AMPLE, Run
from ..session.errors import CannotGoOn, NotExercised
from ..subject.cause import Cause
from ..subject.material import Material
from ..subject.model import World
from ..subject.steps import Steps
from .check import check

EVERYTHING = (
    "bindDevice",
    "insertSession",
    "closeSession",
    "insertPassings",
    "unbindDevice",
    "listDevices",
    "getDevice",
    "getDeviceSessions",
    "getActiveSession",
    "getSession",
    "getSessionPassings",
    "getDevicePassings",
    "continueDevicePassings",
)


class Life:
    """The devices of one check. Each step writes, and then everything is compared."""

    def __init__(self, run: Run, world: World) -> None:
        self.run = run
        self.steps = Steps(run, world)
        self._before: list[Cause] = []

    def step(self, *writes: Callable[[], Cause], passings: bool = True) -> None:
        """Makes some writes of one operation, and compares everything afterwards; with much effort, after each write.

        Without `passings`, passings are compared only with much effort. A write that is not possible now is left out.
        """
        causes: list[Cause] = []
        ample = self.run.effort == AMPLE
        for write in writes:
            causes += self._made(write)
            if ample and causes:
                compare_everything(self.run, self.steps.world, causes.pop())
        if causes:
            cause = replace(reduce(Cause.joined_with, causes), before=tuple(self._before))
            # What was inserted before is still to be compared, unless passings are compared now.
            self._before = [each for each in self._before if each.operation_id == "insertPassings" and not passings]
            compare_everything(self.run, self.steps.world, cause, passings)

    def minor_step(self, *writes: Callable[[], Cause]) -> None:
        """The same for writes that other steps repeat: without much effort, nothing is compared afterwards."""
        if self.run.effort == AMPLE:
            self.step(*writes)
            return
        for write in writes:
            self._before += self._made(write)

    def _made(self, write: Callable[[], Cause]) -> list[Cause]:
        """Makes a write. The list is empty if that was not possible."""
        with suppress(CannotGoOn, LookupError):
            return [write()]
        return []


@check(*EVERYTHING, writes=True)
def a_write_changes_only_what_it_names(run: Run, material: Material) -> None:
    """Each write changes what it names and nothing else, of two similar devices with several sessions each"""
    life = Life(run, world_of(run, material))
    do, devices = life.steps, (0, 1) if run.may_unbind else (0,)
    if run.may_unbind:
        life.minor_step(lambda: do.bind("", "a"))
    life.minor_step(*(partial(do.open, index, "START") for index in devices))
    life.minor_step(*(partial(do.insert, index) for index in devices))
    life.step(*(partial(do.open, index, "FINISH") for index in devices), passings=False)
    life.step(partial(do.close_active, 0), passings=False)
    life.step(partial(do.open, 0, "FINISH"), do.refused_openings, passings=False)
    life.step(partial(do.close_again, 0), do.refused_closings, passings=False)
    life.step(*(partial(do.insert, index) for index in devices), do.refused_inserts)
    if run.may_unbind:
        _come_and_go(life)
    life.minor_step(partial(do.close_active, -1))
    do.remove_all()


def _come_and_go(life: Life) -> None:
    """A third device is bound, used, unbound, and bound again, while the others stay as they are."""
    do = life.steps
    life.step(do.refused_bindings, partial(do.bind, "b"), passings=False)
    life.minor_step(partial(do.open, 2, "START"))
    life.minor_step(partial(do.insert, 2))
    life.minor_step(partial(do.open, 2, None))
    life.step(do.refused_unbindings, do.unbind_newest, passings=False)
    life.step(do.bind_the_removed_again, passings=False)
    life.minor_step(do.unbind_newest)


def world_of(run: Run, material: Material) -> World:
    """Without devices to write to; or with the run's only one, if no other could be removed again."""
    race = material.race
    if run.may_unbind:
        return World(bystanders=[race] if race.certain and run.effort == AMPLE else [])
    if not race.certain:
        raise NotExercised("the key may not unbind, and the state of the only device is no longer certain")
    return World([race])
