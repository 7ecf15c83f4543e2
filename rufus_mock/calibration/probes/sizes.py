"""How large a body may be."""

from ...contract.session.errors import CannotGoOn, Unanswered
from ..laboratory.answer import Answer
from ..laboratory.lab import Lab, entry
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.target import as_json

MIB = 1024 * 1024

_STATUSES = {413: "413", 400: "400"}


@probe("requests.too-large", "requests.body-limit", once=True)
def large_bodies(lab: Lab, _: Material) -> None:
    """Inserts into a session that nobody has: a body that is small enough is answered as a small one is."""
    if lab.target.writes_off:
        raise CannotGoOn(NEEDS["writes"])
    body = as_json({"token_session": lab.nobody, "passings_list": [entry(lab, 1)]})
    control = lab.target.call("insertPassings", body=body)
    if control.status != 404:
        raise CannotGoOn("a target that answers 404 to an insert into an unknown session")
    middle = _twice(lab, body, 11)
    if middle.status == control.status:
        refused, size, limit = _twice(lab, body, 17), 17, "16-mib"
    else:
        small = _twice(lab, body, 7)
        accepted = small.status == control.status
        refused, size, limit = (middle, 11, "10-mib") if accepted else (small, 7, "6-mib")
    too_large = refused.status != control.status
    if too_large:
        lab.named("too-large", refused)
        shows = f"a body of {size} MiB"
        lab.saw_status("requests.too-large", refused, _STATUSES, shows=shows, alone=True)
    else:
        lab.evidence.lack(["requests.too-large"], "a target that limits bodies to 16 MiB or less")
    fits = [limit] if too_large and refused.status in _STATUSES else []
    lab.saw("requests.body-limit", fits, refused, shows=f"{size} MiB", alone=True)


def _twice(lab: Lab, body: bytes, size: int) -> Answer:
    """The answer to a body of so many MiB. Raises CannotGoOn if it is another one the second time."""
    try:
        first, second = (lab.target.call("insertPassings", body=body.ljust(size * MIB)) for _ in range(2))
    except Unanswered as error:
        raise CannotGoOn(f"a target that answers a request of {size} MiB") from error
    if not first.is_like(second):
        raise CannotGoOn(f"a target that answers a request of {size} MiB in the same way each time")
    return first
