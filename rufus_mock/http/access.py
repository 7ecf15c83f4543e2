"""Who is calling, and may they? https://help.runonrufus.com/public-api/getting-started/api-permissions"""

from werkzeug.datastructures import Headers

from ..errors import MissingApiKey, WrongAccessType
from ..specification import Access, Specification
from ..validation import Problem
from ..world import Company, Key, World


class Guard:
    """Lets a request through to an operation, or says why not."""

    def __init__(self, specification: Specification, world: World) -> None:
        self._headers = specification.key_headers
        self._world = world

    def api_key(self, headers: Headers) -> str | None:
        """The key that came with a request, from the first header of the contract that holds one."""
        for name in self._headers:
            value = headers.get(name)
            if value:
                return value
        return None

    def admit(self, headers: Headers, access: Access) -> Company:
        """The company of the key. Raises MissingApiKey, UnknownApiKey, WrongAccessType."""
        api_key = self.api_key(headers)
        if api_key is None:
            name = self._headers[0]
            problem = Problem("header", name, f"/{name}", "ror- and 20 lower-case hex digits", "missing")
            raise MissingApiKey(errors=[problem.as_dict()])
        company, key = self._world.authenticate(api_key)
        if not _may(key, access):
            raise WrongAccessType
        return company


def _may(key: Key, access: Access) -> bool:
    return key.access in access.access_types and (access.permission != "unbind" or key.unbind)
