"""Identifies the caller and checks its access. https://help.runonrufus.com/public-api/getting-started/api-permissions"""

from collections.abc import Mapping
from typing import Any

from ...base.errors import ApiError, MissingApiKey, WrongAccessType
from ...spec.contract import Contract
from ...spec.operations import Access
from ...spec.validation import Problem
from ...world import Company, Key, World


class Guard:
    """Finds the key of a request and the company that owns it."""

    def __init__(self, contract: Contract, world: World) -> None:
        self._headers = contract.key_headers
        self._variables = ["HTTP_" + name.upper().replace("-", "_") for name in self._headers]
        self._world = world

    def api_key(self, environ: Mapping[str, Any]) -> str | None:
        """The key that a request has sent, in the first of the contract's headers that has a value."""
        for variable in self._variables:
            value: str | None = environ.get(variable)
            if value:
                return value
        return None

    def identify(self, environ: Mapping[str, Any]) -> tuple[Company, Key]:
        """The company that owns the key of a request, and the key. Raises MissingApiKey, UnknownApiKey."""
        api_key = self.api_key(environ)
        if api_key is None:
            name = self._headers[0]
            problem = Problem("header", name, f"/{name}", "ror- and 20 lower-case hex digits", "missing")
            raise MissingApiKey(errors=[problem.as_dict()])
        return self._world.authenticate(api_key)

    def owner(self, environ: Mapping[str, Any]) -> Company | None:
        """The company that owns the key of a request; None without a key, and for an unknown one."""
        try:
            return self.identify(environ)[0]
        except ApiError:
            return None


def check_access(key: Key, access: Access) -> None:
    """Raises WrongAccessType for a key that may not call an operation."""
    if key.access not in access.access_types or (access.permission == "unbind" and not key.unbind):
        raise WrongAccessType
