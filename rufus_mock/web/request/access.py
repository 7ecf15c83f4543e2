"""Who is calling, and may they? https://help.runonrufus.com/public-api/getting-started/api-permissions"""

from collections.abc import Mapping
from typing import Any

from ...base.errors import MissingApiKey, WrongAccessType
from ...spec.contract import Contract
from ...spec.operations import Access
from ...spec.validation import Problem
from ...world import Company, Key, World


class Guard:
    """Lets a request through to an operation, or says why not."""

    def __init__(self, specification: Contract, world: World) -> None:
        self._headers = specification.key_headers
        self._variables = ["HTTP_" + name.upper().replace("-", "_") for name in self._headers]
        self._world = world

    def api_key(self, environ: Mapping[str, Any]) -> str | None:
        """The key that came with a request, from the first header of the contract that holds one."""
        for variable in self._variables:
            value: str | None = environ.get(variable)
            if value:
                return value
        return None

    def identify(self, environ: Mapping[str, Any]) -> tuple[Company, Key]:
        """The key that came, and whose it is. Raises MissingApiKey, UnknownApiKey, NotReady."""
        api_key = self.api_key(environ)
        if api_key is None:
            name = self._headers[0]
            problem = Problem("header", name, f"/{name}", "ror- and 20 lower-case hex digits", "missing")
            raise MissingApiKey(errors=[problem.as_dict()])
        return self._world.authenticate(api_key)


def admit(key: Key, access: Access) -> None:
    """Raises WrongAccessType for a key that may not call."""
    if key.access not in access.access_types or (access.permission == "unbind" and not key.unbind):
        raise WrongAccessType
