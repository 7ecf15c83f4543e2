"""One round of a run, as a probe sees it: it asks the target, and notes which variants explain the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...assumptions.statement import CAPTURED
from ...base.timestamps import render
from ...contract.session.errors import CannotGoOn
from ...contract.session.target import REFUSED
from ...contract.subject.material import RACE_START
from .answer import Answer
from .evidence import Evidence, Observation
from .masking import Mask
from .needs import NEEDS
from .target import Target

MALFORMED = "malformed-identifier"
FAR_PAGE = 1000
OTHER = "other company"
UNKNOWN_PATH = "/rufus-mock-calibrate"


@dataclass
class Lab:
    """What the probes of one round share.

    named_bodies: the bodies of errors by name, for the texts of the profile. refusals: the answers that show what the
    bodies of a 400, 401 or 403 look like.
    """

    target: Target
    evidence: Evidence
    mask: Mask
    round: int
    named_bodies: dict[str, list[Answer]]
    refusals: list[Answer] = field(default_factory=list)

    @property
    def dialect(self) -> str:
        return self.target.dialect or ""

    def ask(self, operation_id: str, identifier: str | None = None, /, **query: Any) -> Answer:
        """Read something. identifier: the only path parameter of the operation."""
        return self.target.call(operation_id, self._path(operation_id, identifier), query)

    def write(self, operation_id: str, body: Any = None, identifier: str | None = None, **options: Any) -> Answer:
        """Write something. Raises CannotGoOn if the run may not write."""
        if self.target.writes_off:
            raise CannotGoOn(NEEDS["writes"])
        return self.target.call(operation_id, self._path(operation_id, identifier), body=body, **options)

    def _path(self, operation_id: str, identifier: str | None) -> Mapping[str, str]:
        names = self.target.contract.operations[operation_id].path_parameters
        return {} if identifier is None else {next(iter(names)): identifier}

    def saw(
        self,
        id: str,
        fits: Iterable[str],
        *answers: Answer,
        shows: str | None = None,
        text: str | None = None,
        alone: bool = False,
    ) -> None:
        """These variants explain the answers, and no others."""
        known = self.target.contract.assumptions[id].variants
        explained = frozenset(fits)
        assert explained <= set(known), (id, explained)
        self.evidence.note(id, Observation(self.round, explained, answers, shows, text, alone))

    def saw_status(self, id: str, answer: Answer, variants: Mapping[int, str], **noted: Any) -> None:
        """The variant with this status explains the answer."""
        self.saw(id, [variants[answer.status]] if answer.status in variants else [], answer, **noted)

    def saw_text(self, id: str, text: str, known: Mapping[str, str], *answers: Answer) -> None:
        """The variant with this text explains the answers or, for another text, the variant captured."""
        if text in known:
            self.saw(id, [known[text]], *answers)
        else:
            self.saw(id, [CAPTURED], *answers, text=text)

    def variant(self, id: str) -> str | None:
        """What this round has shown so far: the only variant that explains everything, or None."""
        return self.evidence.variant(id, self.round)

    def named(self, name: str, answer: Answer, *, refusal: bool = False) -> Answer:
        """Keep the body of an error for the profile. refusal: it shows what bodies of its status look like."""
        if answer.status >= 400:
            self.named_bodies.setdefault(name, []).append(answer)
        if refusal and answer.status in REFUSED:
            self.refusals.append(answer)
        return answer

    @cached_property
    def devices(self) -> Answer:
        """The list of devices before the run has bound any."""
        answer = self.ask("listDevices")
        self.mask.learn(answer.rows() or [])
        return answer

    @cached_property
    def other_devices(self) -> Answer | None:
        """The list of devices of the other company; None without a key of it that may read."""
        key = self.target.keys.other_key
        if key is None:
            return None
        answer = self.target.call("listDevices", key=key, whose=OTHER)
        self.mask.learn(answer.rows() or [])
        return None if answer.status in REFUSED else answer

    @cached_property
    def nobody(self) -> str:
        """An identifier that nobody has."""
        return self.target.fresh_identifier()

    @cached_property
    def unknown_device(self) -> Answer:
        return self.named("unknown-device", self.ask("getDevice", self.nobody))

    @cached_property
    def unknown_session(self) -> Answer:
        return self.named("unknown-session", self.ask("getSession", self.nobody))

    @cached_property
    def unknown_path(self) -> Answer:
        return self.named("unknown-path", self.target.send("GET", UNKNOWN_PATH))


def entry(lab: Lab, number: int, offset: int = 0, **fields: Any) -> dict[str, Any]:
    """A passing that is valid whatever the target assumes. Fields that are None are left out."""
    point: tuple[Any, Any] = (41.5, 2.25) if lab.dialect == "openapi" else ("41.5", "2.25")
    complete = {
        "bib": "7",
        "num_passing": number,
        "timestamp": render(RACE_START + offset),
        "latitude": point[0],
        "longitude": point[1],
        "status": "Sent",
        "participant_id": "P7",
        "chip": "303030",
        "timezone": "UTC",
        "gender": "F",
        **fields,
    }
    return {name: value for name, value in complete.items() if value is not None}
