"""The handles for a company's faults and quota."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any

from .clock import Call


class Fault:
    """One fault in a mock. As a context manager, it is removed at the end of the block."""

    def __init__(self, call: Call, answer: dict[str, Any]) -> None:
        self._call = call
        self._answer = answer
        self.id: str = answer["id"]
        self.described: dict[str, Any] = answer["fault"]

    @property
    def struck(self) -> int:
        """The number of requests that the fault has affected so far."""
        struck: int = self._call("GET", f"/faults/{self.id}")["struck"]
        return struck

    @property
    def spent(self) -> bool:
        """Whether the fault has affected as many requests as it was added for."""
        spent: bool = self._call("GET", f"/faults/{self.id}")["spent"]
        return spent

    def remove(self) -> None:
        """Remove the fault. A client that waits for a response that never comes then gets a 503."""
        self._call("DELETE", f"/faults/{self.id}")

    def __enter__(self) -> "Fault":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"Fault({self.id}: {self.described})"


class Faults:
    """The faults of a company. Iterating yields each Fault."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def add(self, **fault: Any) -> Fault:
        """Add a fault, which affects requests from now on.

        Its members are in schemas/admin/requests/fault-input.json and in schemas/admin/faults/.

        >>> mock.faults.add(operation="insertPassings", status=503, headers={"Retry-After": "1"}, calls=2)
        >>> mock.faults.add(operation="insertPassings", answer="cut", when="after", calls=1)
        >>> mock.faults.add(path="/v0/sessions/*", latency={"fixed": 200})
        >>> mock.faults.add(operation="listDevices", slow={"bytes_per_second": 100})
        >>> mock.faults.add(operation="bindDevice", reset="before_headers", calls=1)

        Raises AdminError for an invalid fault; the message names the wrong member.
        """
        __tracebackhide__ = True
        return Fault(self._call, self._call("POST", "/faults", fault))

    def clear(self) -> None:
        """Remove all faults of the company."""
        self._call("DELETE", "/faults")

    def __iter__(self) -> Iterator[Fault]:
        return (Fault(self._call, answer) for answer in self._call("GET", "/faults")["faults"])


class Quota:
    """The quota of a company: how many requests it may send in a window of time. Any more get a 429."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def set(self, requests: int, window_ms: int) -> None:
        """Allow `requests` requests in each window of `window_ms` milliseconds. The first window starts now."""
        __tracebackhide__ = True
        self._call("PUT", "/quota", {"requests": requests, "window_ms": window_ms})

    def remove(self) -> None:
        """Remove the quota."""
        self._call("DELETE", "/quota")

    @property
    def refused(self) -> int:
        """The number of requests that got a 429 because of the quota."""
        refused: int = self._call("GET", "/quota")["refused"]
        return refused
