"""How large a body may be."""

from ...contract.session.errors import CannotGoOn
from ..laboratory.lab import Lab, entry
from ..laboratory.material import Material
from ..laboratory.needs import NEEDS
from ..laboratory.probe import probe
from ..laboratory.target import Unanswered, as_json

MIB = 1024 * 1024
_LIMITS = {17: "16-mib", 11: "10-mib", 7: "6-mib"}
"""The MiB of each body, the largest first, and the variant if it is the smallest one that is refused."""


@probe("requests.too-large", "requests.body-limit", once=True)
def large_bodies(lab: Lab, _: Material) -> None:
    """Inserts into a session that nobody has: a body that is small enough is answered as a small one is."""
    if lab.target.writes_off:
        raise CannotGoOn(NEEDS["writes"])
    body = as_json({"token_session": lab.nobody, "passings_list": [entry(lab, 1)]})
    control = lab.target.call("insertPassings", body=body)
    if control.status != 404:
        raise CannotGoOn("a target that answers 404 to an insert into an unknown session")
    limit = None
    for size, variant in _LIMITS.items():
        try:
            answer = lab.target.call("insertPassings", body=body.ljust(size * MIB))
        except Unanswered as error:
            raise CannotGoOn(f"a target that answers a request of {size} MiB") from error
        if answer.status == control.status:
            break
        limit = variant
        lab.named("too-large", answer)
        lab.saw_status(
            "requests.too-large", answer, {413: "413", 400: "400"}, shows=f"a body of {size} MiB", alone=True
        )
    if limit is None:
        lab.evidence.lack(["requests.too-large"], "a target that limits bodies to 16 MiB or less")
    lab.saw(
        "requests.body-limit",
        [limit] if limit else [],
        answer,
        shows="the largest body that is not too large",
        alone=True,
    )
