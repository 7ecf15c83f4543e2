"""Whether the API limits how many requests a company may send."""

import time
from concurrent.futures import ThreadPoolExecutor

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer
from ..laboratory.lab import Lab
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.target import Throttled

REQUESTS = 52
LIMIT = 50
LEAST_RATE = 60
_THREADS = 10
_QUIET = 1.2
_INTO_THE_SECOND = 0.1
"""Seconds: the burst begins after a quiet second, early in a second of the clock, so that no limit counts it in two."""


@probe("access.rate-limit", once=True)
def rate_limit(lab: Lab, _: Material) -> None:
    """Comes last: more than 50 requests within one second."""
    transport = lab.target.transport
    early = [each for each in transport.throttled if each.before < LIMIT or each.retry_after is None]
    if early:
        lab.saw("access.rate-limit", [], shows=f"a 429 after {early[0].before} requests in a second", alone=True)
        return
    rate = lab.target.rate
    if rate is not None and rate < LEAST_RATE:
        raise CannotGoOn(NEEDS["rate"])
    if lab.target.requests_left < REQUESTS:
        raise CannotGoOn(f"{REQUESTS} more requests within the budget")
    transport.pause(_QUIET + (1 - time.time() % 1 + _INTO_THE_SECOND) % 1)
    began = time.monotonic()
    outcomes = _burst(lab)
    seconds = time.monotonic() - began
    refused = [each for each in outcomes if isinstance(each, Throttled)]
    answers = [each for each in outcomes if isinstance(each, Answer)]
    if len(outcomes) < REQUESTS or seconds >= 1 or any(each.status >= 500 for each in answers):
        raise CannotGoOn(f"a target that answers {REQUESTS} requests within one second")
    if not refused:
        lab.saw("access.rate-limit", ["none"], answers[0], shows=f"{REQUESTS} requests within one second", alone=True)
        return
    as_known = len(answers) == LIMIT and all(each.retry_after is not None for each in refused)
    shows = f"{len(answers)} of {REQUESTS} requests within one second are answered, the others are a 429"
    lab.saw("access.rate-limit", ["50-per-second"] if as_known else [], answers[0], shows=shows, alone=True)


def _burst(lab: Lab) -> list[Answer | Throttled]:
    """The answers to many requests at once, and the refusals."""
    nobody = lab.nobody

    def ask(_: int) -> Answer | Throttled | None:
        try:
            return lab.ask("getDevice", nobody)
        except Throttled as throttled:
            return throttled
        except CannotGoOn:
            return None

    lab.target.transport.bursting = True
    try:
        with ThreadPoolExecutor(_THREADS) as threads:
            outcomes = list(threads.map(ask, range(REQUESTS)))
    finally:
        lab.target.transport.bursting = False
    return [each for each in outcomes if each is not None]
