"""Redirects requests for the live API to a mock, for code whose base URL is a constant and that uses requests."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, _GeneratorContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as Refused

from ..fixtures.builtin import DEFAULT_FIXTURE
from ..spec.contract import Contract
from .company import MockCompany
from .mock import RufusMock

PASS = "pass"
REFUSE = "refuse"


def intercept(
    mock: MockCompany | None = None, *, fixture: str | Path | Sequence[str | Path] = DEFAULT_FIXTURE, others: str = PASS
) -> "_GeneratorContextManager[MockCompany]":
    """Redirect what the library requests sends to https://api.runonrufus.com to a mock. Context manager or decorator.

    mock: a RufusMock, or the pytest fixture rufus; without one, a new RufusMock that is started with `fixture`. others:
    "pass" lets requests to other hosts through, "refuse" raises requests.ConnectionError for them. The requests go
    through the mock's socket, so timeouts, retries and truncated responses are real.

    >>> with intercept() as mock:
    ...     requests.get("https://api.runonrufus.com/v0/devices", headers={"api_key": mock.keys.read})
    <Response [200]>
    """
    if others not in (PASS, REFUSE):
        raise ValueError(f'others: expected "{PASS}" or "{REFUSE}", found {others!r}')
    if mock is not None and not isinstance(mock, MockCompany):
        raise TypeError(f"expected a mock, found {mock!r}; as a decorator, intercept is written @intercept()")
    return _intercepting(mock, fixture, others)


@contextmanager
def _intercepting(
    mock: MockCompany | None, fixture: str | Path | Sequence[str | Path], others: str
) -> Iterator[MockCompany]:
    with ExitStack() as stack:
        target = stack.enter_context(RufusMock(fixture=fixture)) if mock is None else mock
        stack.enter_context(patch.object(HTTPAdapter, "send", _sender(target.url, others)))
        yield target


def _sender(url: str, others: str) -> Any:
    host = Contract().host
    send = HTTPAdapter.send

    def intercepted(
        adapter: HTTPAdapter,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        path = _path_at(request.url or "", host)
        if path is None:
            if others == REFUSE and not (request.url or "").startswith(f"{url}/"):
                message = (
                    f'intercept(others="{REFUSE}") lets no request through to {request.url}: only {host} is answered'
                )
                raise Refused(message, request=request)
            return send(adapter, request, stream, timeout, verify, cert, proxies)
        forwarded = request.copy()
        forwarded.url = url + path
        try:
            response = send(adapter, forwarded, stream, timeout, verify, cert, {})
        except RequestException as error:
            error.request = request
            raise
        response.url, response.request = request.url or "", request
        return response

    return intercepted


def _path_at(url: str, host: str) -> str | None:
    """The path and query of an HTTPS URL if it is on `host`, otherwise None."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname != host or parts.port not in (None, 443):
        return None
    return parts._replace(scheme="", netloc="").geturl()
