"""What an API does otherwise than it did when its profile was made: drift, for the contract kit."""

from collections.abc import Mapping
from typing import Any

from ..contract.judge.findings import BREAKING, Evidence, Finding
from ..contract.judge.record import MEASURED
from ..contract.session.options import Options
from ..spec.assumptions import Assumption
from ..spec.contract import Contract
from .comparison import in_words
from .laboratory.verdicts import NOT_REACHED
from .run import calibrate


def departures(profile: Mapping[str, Any], options: Options) -> list[Finding]:
    """Measure the API at options.base_url again. Returns a finding for each measured assumption that has changed.

    Raises CouldNotRun.
    """
    known = Contract().assumptions
    now = calibrate(options).profile["assumptions"]
    found = []
    for id, before in profile["assumptions"].items():
        after = now.get(id)
        if before["verdict"] != "measured" or after is None or after["verdict"] == NOT_REACHED:
            continue
        if (after["verdict"], after.get("variant"), after.get("text")) != (
            before["verdict"],
            before["variant"],
            before.get("text"),
        ):
            found.append(_finding(known[id], before, after))
    return found


def _finding(assumption: Assumption, before: Mapping[str, Any], after: Mapping[str, Any]) -> Finding:
    return Finding(
        BREAKING,
        next(iter(assumption.operations), "no operation"),
        f"assumption {assumption.id}",
        assumption.variants[before["variant"]].sentence,
        in_words(after),
        Evidence("observed", note=MEASURED, assumptions=(assumption.id,)),
        request=f"rufus-mock calibrate: {assumption.measured_by}",
        check="profile",
        seed=0,
    )
