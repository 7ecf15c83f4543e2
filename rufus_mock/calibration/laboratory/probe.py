"""A probe: a function that sends requests and notes which variants explain the answers."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from ...contract.session.errors import CannotGoOn
from .lab import Lab
from .material import Material

Function = Callable[[Lab, Material], None]


@dataclass(frozen=True)
class Probe:
    """A function and the assumptions that it observes. once: it is run in the first round only."""

    function: Function
    ids: tuple[str, ...]
    once: bool = False

    @property
    def name(self) -> str:
        return self.function.__name__.replace("_", " ")

    def run(self, lab: Lab, material: Material) -> None:
        """Make the observations, or note what they lack."""
        try:
            self.function(lab, material)
        except CannotGoOn as error:
            lab.evidence.lack([id for id in self.ids if id not in lab.evidence.observed], str(error))
        except Exception:
            # Some answer has a form that nobody foresaw. What was observed before it stands.
            lab.evidence.defects.append(traceback.format_exc())
            lab.evidence.lack(self.ids, "answers in a form that the probe can read")


def probe(*ids: str, once: bool = False) -> Callable[[Function], Probe]:
    """Makes a probe of a function."""
    return lambda function: Probe(function, ids, once)
