"""Writes in any order, for what no one thought of."""

from ..run import Run
from ..session.errors import NotExercised
from ..subject.material import Material
from .check import check
from .life import EVERYTHING, Life, world_of

_WRITES = (0, 4, 18)
"""How many writes are made, by the effort."""

_MOST_OF_A_COMPARISON = 40
"""How many requests a comparison of everything takes at most."""


@check(*EVERYTHING, writes=True)
def reads_agree_with_the_model_after_any_writes(run: Run, material: Material) -> None:
    """After writes to several devices in any order, every read gives what the model holds"""
    material.require_writes()
    if not run.may_unbind:
        raise NotExercised("the key may not unbind, so no second device is bound")
    if not _WRITES[run.effort]:
        raise NotExercised("the budget is too small for writes at random")
    life = Life(run, world_of(run, material))
    life.step(lambda: life.steps.bind("", "a"), passings=False)
    for number in range(_WRITES[run.effort]):
        if not run.affords(2 * _MOST_OF_A_COMPARISON):
            break
        life.step(life.steps.any_of(run.random, number), passings=number % 2 == 0)
    life.steps.remove_all()
