"""What a run may write to: what answers say it made, and identifiers that belong to nobody.

claims.py confirms what the answers say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...client import Reply

IDENTIFIERS = ("deviceid", "token_session")


@dataclass
class Owned:
    """The devices and sessions of the run. It learns them from the answers, so that clean-up finds everything that was
    made, whatever the check that made it does.
    """

    label: str
    devices: dict[str, bool] = field(default_factory=dict)
    """Whether each deviceid is still bound."""
    sessions: dict[str, bool] = field(default_factory=dict)
    """Whether each token_session is still open."""
    nobodys: set[str] = field(default_factory=set)
    """Random identifiers that the run made up."""
    before: set[str] = field(default_factory=set)
    """Devices and sessions that were there before the run bound anything, as far as it has seen them."""
    origins: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What was sent to bind a device or to open a session, by its identifier."""
    serial_numbers: set[str] = field(default_factory=set)

    @property
    def bound(self) -> list[str]:
        """The devices that are still bound."""
        return [deviceid for deviceid, bound in self.devices.items() if bound]

    @property
    def open_sessions(self) -> list[str]:
        return [token_session for token_session, is_open in self.sessions.items() if is_open]

    def permits(self, operation_id: str, named: Mapping[str, Any]) -> bool:
        """Whether a write may be sent that names these things."""
        if operation_id == "bindDevice":
            alias = named.get("alias", self.label)
            return isinstance(alias, str) and alias.startswith(self.label)
        identifiers = [named[name] for name in IDENTIFIERS if isinstance(named.get(name), str)]
        return all(
            identifier in self.devices or identifier in self.sessions or identifier in self.nobodys
            for identifier in identifiers
        )

    def learn(self, operation_id: str, named: Mapping[str, Any], reply: Reply) -> None:
        """Remember what an answer says was made or removed."""
        if not 200 <= reply.status < 300:
            return
        deviceid, token_session = reply.fields.get("deviceid"), reply.fields.get("token_session")
        if operation_id == "bindDevice" and isinstance(deviceid, str):
            self.devices[deviceid] = True
            self.origins.setdefault(deviceid, dict(named))
        elif operation_id == "unbindDevice":
            self.devices[named["deviceid"]] = False
        elif operation_id == "insertSession" and isinstance(token_session, str):
            self.sessions[token_session] = True
            self.origins.setdefault(token_session, dict(named))
        elif operation_id == "closeSession":
            self.sessions[named["token_session"]] = False
