"""The mock's own certificate authority, so that it can answer as api.runonrufus.com over TLS.

Needs the library trustme: pip install "rufus-mock[tls]".
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING

from ..base.extras import missing

if TYPE_CHECKING:
    import trustme

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
"""The names and addresses of the local machine. Every certificate is valid for these, too."""

CERTIFICATE_FILE = "ca.pem"
"""The name of the authority's certificate, which clients must trust."""

_AUTHORITY_FILE = "authority.pem"
_ISSUER = "rufus-mock"
# Some clients reject certificates that are valid for longer. A new one is issued at each start.
_VALIDITY = timedelta(days=397)
_CLOCK_SKEW = timedelta(days=1)


class AuthorityError(Exception):
    """The authority cannot be created or read. The message names the file or library and says how to fix it."""


@dataclass(frozen=True)
class Certificate:
    """The PEM files of a server's certificate and of its private key."""

    certificate: Path
    private_key: Path


class Authority:
    """A certificate authority. Clients that trust the file `path` accept the certificates that it issues.

    folder: keeps the authority between runs. If the folder has no authority, one is created in it. Without a folder the
    authority is temporary and is removed by close(). Raises AuthorityError.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = Path(tempfile.mkdtemp(prefix="rufus-mock-"))
        try:
            self._authority, self.path = self._load_or_create(folder or self._temporary)
        except BaseException:
            self.close()
            raise

    @property
    def certificate(self) -> str:
        """The certificate that clients must trust, as PEM."""
        return self._authority.cert_pem.bytes().decode("ascii")

    def issue(self, names: Iterable[str]) -> Certificate:
        """Issue a certificate for these names and addresses and for LOCAL_NAMES. close() removes its files."""
        now = datetime.now(UTC)
        issued = self._authority.issue_cert(
            *dict.fromkeys([*names, *LOCAL_NAMES]),
            organization_name=_ISSUER,
            not_before=now - _CLOCK_SKEW,
            not_after=now + _VALIDITY - _CLOCK_SKEW,
        )
        files = Certificate(self._temporary / "certificate.pem", self._temporary / "private-key.pem")
        issued.private_key_pem.write_to_path(files.private_key)
        files.certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        return files

    def close(self) -> None:
        """Remove all temporary files."""
        shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> "Authority":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _load_or_create(self, folder: Path) -> tuple["trustme.CA", Path]:
        """The authority in a folder and its certificate file. Processes that create one at the same time share it."""
        library = _trustme()
        secret, public = folder / _AUTHORITY_FILE, folder / CERTIFICATE_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not secret.exists():
                new = library.CA(organization_name=_ISSUER, organization_unit_name=f"{_ISSUER} authority")
                self._create(new.private_key_pem.bytes() + new.cert_pem.bytes(), secret)
            pem = secret.read_bytes()
            authority: trustme.CA = library.CA.from_pem(pem, pem)
            if not public.exists() or public.read_bytes() != authority.cert_pem.bytes():
                self._replace(authority.cert_pem.bytes(), public)
        except OSError as error:
            raise AuthorityError(f"{error.filename or folder}: {error.strerror or error}") from error
        except ValueError as error:
            raise AuthorityError(
                f"{secret}: not the key and certificate of an authority. Remove the file to create a new authority, "
                "which clients must then trust."
            ) from error
        return authority, public

    @staticmethod
    def _create(content: bytes, path: Path) -> None:
        """Create a complete file in one step, readable by its owner only. Keeps an existing file."""
        draft = _draft(content, path)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    @staticmethod
    def _replace(content: bytes, path: Path) -> None:
        draft = _draft(content, path)
        draft.chmod(0o644)
        draft.replace(path)


def _draft(content: bytes, path: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)


def _trustme() -> ModuleType:
    try:
        import trustme
    except ModuleNotFoundError as error:
        raise AuthorityError(missing(error)) from None
    library: ModuleType = trustme
    return library
