"""What a call of the admin API means for the journals and assumptions of companies."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """What a call changes. company: the one that it concerns; None for all, or a new one.

    creates, removes: a company. lists: the companies, without changing any. empties: journals. chooses: it can change
    the variants of companies.
    """

    company: str | None = None
    creates: bool = False
    removes: bool = False
    lists: bool = False
    empties: bool = False
    chooses: bool = False

    @property
    def reads(self) -> bool:
        """Whether the journals have to be read before the call."""
        return self.removes or self.empties or self.chooses or (self.creates and self.company is not None)


_NOTHING = Change()
_ALL = {
    ("GET", "companies"): Change(lists=True),
    ("POST", "companies"): Change(creates=True),
    ("POST", "reset"): Change(empties=True, chooses=True),
    ("DELETE", "requests"): Change(empties=True),
    ("PUT", "state"): Change(chooses=True),
}
_ONE: dict[tuple[str, str], dict[str, bool]] = {
    ("PUT", ""): {"creates": True},
    ("DELETE", ""): {"removes": True},
    ("POST", "reset"): {"empties": True, "chooses": True},
    ("DELETE", "requests"): {"empties": True},
    ("PUT", "state"): {"chooses": True},
    ("PUT", "assumptions"): {"chooses": True},
    ("DELETE", "assumptions"): {"chooses": True},
}


def of(method: str, path: str) -> Change:
    """The change that a call makes. path: below /__admin."""
    parts = path.partition("?")[0].strip("/").split("/")
    if parts[0] != "companies" or len(parts) == 1:
        return _ALL.get((method, "/".join(parts)), _NOTHING)
    return Change(parts[1], **_ONE.get((method, "/".join(parts[2:])), {}))
