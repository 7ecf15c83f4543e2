"""The life of several similar devices: after each write, everything is read and compared with the model."""

from collections.abc import Callable
from contextlib import suppress

from ..reads import compare_everything
from ..run import Run
from ..session.errors import CannotGoOn, NotExercised
from ..subject.cause import Cause
from ..subject.material import Material
from ..subject.model import World
from ..subject.steps import Steps
from .check import check

_ALL = (
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

_CHEAP = 30
"""What a comparison of everything costs at most, in requests."""


class _Life:
    """The devices of one check. Each step writes, and then everything is compared."""

    def __init__(self, run: Run, material: Material, world: World) -> None:
        self.run = run
        self.steps = Steps(run, world)
        self._material = material

    def step(self, write: Callable[[], Cause | None], passings: bool = True) -> None:
        """Writes, and compares everything. A write that is not possible now is left out."""
        with suppress(CannotGoOn, LookupError):
            cause = write()
            if cause is not None:
                compare_everything(self.run, self.steps.world, cause, passings)


@check(*_ALL, writes=True)
def a_write_changes_only_what_it_names(run: Run, material: Material) -> None:
    """Each write changes what it names and nothing else, of two similar devices with several sessions each"""
    material.require_writes()
    life = _Life(run, material, _world(run, material))
    do, two = life.steps, run.may_unbind
    thorough = run.affords(900)
    if two:
        life.step(lambda: do.bind("", "a"), False)
    devices = (0, 1) if two else (0,)
    for alias in ("START", "FINISH"):
        for index in devices:
            life.step(lambda index=index, alias=alias: do.open(index, alias), thorough)  # type: ignore[misc]
        for index in devices:
            life.step(lambda index=index: do.insert(index), thorough or index == devices[-1])  # type: ignore[misc]
    life.step(do.refused_inserts)
    life.step(lambda: do.close_active(0), thorough)
    life.step(lambda: do.open(0, "FINISH"), thorough)
    life.step(lambda: do.close_again(0), thorough)
    life.step(do.refused_openings, False)
    life.step(do.refused_closings, False)
    if two:
        life.step(do.refused_bindings, False)
        life.step(do.refused_unbindings, False)
        life.step(lambda: do.bind("b"), False)
        life.step(lambda: do.open(2, "START"), False)
        life.step(lambda: do.insert(2), thorough)
        life.step(lambda: do.open(2, "FINISH"), False)
        life.step(do.unbind_newest)
        life.step(do.bind_the_removed_again, thorough)
        life.step(do.unbind_newest, False)
    life.step(lambda: do.close_active(-1), thorough)
    do.remove_all()


@check(*_ALL, writes=True)
def reads_agree_with_the_model_after_any_writes(run: Run, material: Material) -> None:
    """After writes to several devices in any order, every read gives what the model holds"""
    material.require_writes()
    if not run.may_unbind:
        raise NotExercised("the key may not unbind, so no second device is bound")
    life = _Life(run, material, _world(run, material))
    life.step(lambda: life.steps.bind("", "a"), False)
    for number in range(_writes(run)):
        if not run.affords(2 * _CHEAP):
            break
        life.step(life.steps.any_of(run.random, number), number % 2 == 0)
    life.steps.remove_all()


def _writes(run: Run) -> int:
    return min(30, max(4, run.options.examples // 2))


def _world(run: Run, material: Material) -> World:
    """Without devices to write to; or with the run's only one, if no other could be removed again."""
    if run.may_unbind:
        return World(bystanders=[material.race] if material.race.certain and run.affords(900) else [])
    if not material.race.certain:
        raise NotExercised("the key may not unbind, and the state of the only device is no longer certain")
    return World([material.race])
