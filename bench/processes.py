"""Starts servers in their own processes, as users do, and measures their start-up time and memory."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

BIN = Path(sys.executable).parent
"""The folder of this environment's commands."""

_PATIENCE = 60
_POLL = 0.002


class Served:
    """Runs a server. first_response: milliseconds from the start of its command to the first 200 for `path`.

    command: with the word PORT instead of the port. Its output is discarded. Exits if the server does not start.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        path: str,
        headers: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        arguments = [str(word).replace("PORT", str(self.port)) for word in command]
        # Without cached bytecode, each start would compile the server again, which does not happen to users.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        started = time.perf_counter()
        self._process = subprocess.Popen(
            arguments,
            cwd=cwd,
            env={**inherited, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait(arguments, path, headers or {}, started)
        except BaseException:
            self.stop()
            raise
        self.first_response = (time.perf_counter() - started) * 1000

    @property
    def resident(self) -> int:
        """The resident memory of all its processes, in bytes."""
        listing = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in listing.splitlines()]
        return sum(int(kilobytes) * 1024 for group, kilobytes in rows if int(group) == self._process.pid)

    @property
    def peak(self) -> int:
        """The peak resident memory of its first process, in bytes. Linux only."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def call(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """Send a request and return the body of the response. Exits on an error status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            sys.exit(f"{method} {self.url}{path}: {response.status} {answer[:200]!r}")
        return answer

    def stop(self) -> None:
        """Stop the server and the processes that it started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()

    def __enter__(self) -> "Served":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self, arguments: Sequence[str], path: str, headers: Mapping[str, str], started: float) -> None:
        while True:
            if self._process.poll() is not None:
                sys.exit(f"The server ended with status {self._process.returncode}: {' '.join(arguments)}")
            if time.perf_counter() - started > _PATIENCE:
                sys.exit(f"No response within {_PATIENCE} s: {' '.join(arguments)}")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
            try:
                connection.request("GET", path, headers=dict(headers))
                response = connection.getresponse()
                response.read()
                if response.status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(_POLL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
