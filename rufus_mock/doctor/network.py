"""Checks the network path to a server: DNS, the TCP connection, TLS."""

import os
import socket
import ssl

import requests

from ..client import TIMEOUT, reason
from .findings import NOTE, OK, WRONG

_LOCAL = ("localhost", "127.0.0.1", "::1")


class Network:
    """A host and a port as seen from this machine. Each check returns a verdict and a text."""

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
            return OK, f"{self._host} is an address, so there is nothing to resolve"
        return OK, f"{self._host} resolves to {', '.join(addresses[:3])}"

    def route(self) -> tuple[str, str]:
        """Does the port accept connections?"""
        try:
            with socket.create_connection((self._host, self._port), TIMEOUT[0]):
                return OK, f"port {self._port} accepts connections"
        except OSError as error:
            why = error.strerror or str(error)
            return (
                WRONG,
                f"port {self._port} does not accept connections ({why}). Check that the server runs, the port, and "
                "firewalls",
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
                f"the certificate is not trusted: {error.verify_message}. If a private authority issued it (the mock's "
                "or your company's), trust that authority with REQUESTS_CA_BUNDLE=ca.pem"
            )
        except (OSError, ValueError) as error:
            return (
                WRONG,
                f"no TLS on port {self._port}: {reason(error)}. Check whether the URL should start with http:// and "
                "whether REQUESTS_CA_BUNDLE is right",
            )

    def tls_by_proxy(self) -> tuple[str, str]:
        """The result of the TLS check when a proxy makes the connection."""
        return self._no_tls() if not self._secure else (NOTE, "not checked on its own: the request below includes it")

    def _no_tls(self) -> tuple[str, str]:
        if self._host in _LOCAL:
            return OK, "not used, and not needed on this machine"
        return NOTE, "not used: the key is sent unencrypted. Use an https:// URL if there is one"


def _authorities() -> str:
    """The file of trusted certificate authorities that requests uses."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return named or requests.utils.DEFAULT_CA_BUNDLE_PATH
