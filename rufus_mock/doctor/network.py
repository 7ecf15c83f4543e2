"""The way to a server: name, route, TLS."""

import os
import socket
import ssl

import requests

from ..client import TIMEOUT, reason
from .findings import NOTE, OK, WRONG

_LOCAL = ("localhost", "127.0.0.1", "::1")


class Network:
    """A host and a port, seen from this machine. Each question gives a verdict and what was seen."""

    def __init__(self, host: str, port: int, secure: bool) -> None:
        self._host = host
        self._port = port
        self._secure = secure

    def name(self) -> tuple[str, str]:
        """Does the name resolve?"""
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            return WRONG, f"{self._host} does not resolve ({why}). Check the spelling, then DNS, VPN and /etc/hosts"
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if addresses == [self._host]:
            return OK, f"{self._host} is an address: there is nothing to look up"
        return OK, f"{self._host} is {', '.join(addresses[:3])}"

    def route(self) -> tuple[str, str]:
        """Does the port take connections?"""
        try:
            with socket.create_connection((self._host, self._port), TIMEOUT[0]):
                return OK, f"port {self._port} takes connections"
        except OSError as error:
            why = error.strerror or str(error)
            return (
                WRONG,
                f"port {self._port} takes no connection ({why}). Does the server run, on this port? A firewall?",
            )

    def tls(self) -> tuple[str, str]:
        """Is the certificate trusted?"""
        if not self._secure:
            return self._no_tls()
        try:
            context = ssl.create_default_context(cafile=_authorities())
            with (
                socket.create_connection((self._host, self._port), TIMEOUT[0]) as plain,
                context.wrap_socket(plain, server_hostname=self._host) as secure,
            ):
                until = (secure.getpeercert() or {}).get("notAfter", "")
                return OK, f"{secure.version()}, the certificate is trusted and valid until {until}"
        except ssl.SSLCertVerificationError as error:
            return WRONG, (
                f"the certificate is not trusted: {error.verify_message}. If it is of an authority of your own "
                "(a mock's, a company's), give its certificate: REQUESTS_CA_BUNDLE=ca.pem"
            )
        except (OSError, ValueError) as error:
            return (
                WRONG,
                f"no TLS on port {self._port}: {reason(error)}. Is it an http:// URL? REQUESTS_CA_BUNDLE wrong?",
            )

    def tls_by_proxy(self) -> tuple[str, str]:
        """The same where a proxy makes the connection."""
        return self._no_tls() if not self._secure else (NOTE, "stands or falls with the answer")

    def _no_tls(self) -> tuple[str, str]:
        if self._host in _LOCAL:
            return OK, "none, and none is needed on this machine"
        return NOTE, "none: the key travels in the clear. Give an https:// URL if there is one"


def _authorities() -> str:
    """The file of trusted authorities that requests takes."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return named or requests.utils.DEFAULT_CA_BUNDLE_PATH
