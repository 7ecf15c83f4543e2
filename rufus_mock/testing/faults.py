"""Faults of a company: what goes wrong with its requests, when and how often."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any

from .clock import Call


class Fault:
    """One fault in a mock. As a context manager it ends with the block."""

    def __init__(self, call: Call, answer: dict[str, Any]) -> None:
        self._call = call
        self._answer = answer
        self.id: str = answer["id"]
        self.described: dict[str, Any] = answer["fault"]

    @property
    def struck(self) -> int:
        """How many requests it has hit so far."""
        struck: int = self._call("GET", f"/faults/{self.id}")["struck"]
        return struck

    @property
    def spent(self) -> bool:
        """Whether it will hit no more."""
        spent: bool = self._call("GET", f"/faults/{self.id}")["spent"]
        return spent

    def remove(self) -> None:
        """End it. Who waits for an answer that never comes gets a 503 then."""
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
    """The faults of a company: iterable."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def add(self, **fault: Any) -> Fault:
        """Make requests fail from now on; the members are those of schemas/admin/requests/fault.json.

        >>> mock.faults.add(operation="insertPassings", status=503, headers={"Retry-After": "1"}, calls=2)
        >>> mock.faults.add(operation="insertPassings", answer="cut", when="after", calls=1)
        >>> mock.faults.add(path="/v0/sessions/*", latency={"fixed": 200})

        Raises AdminError for what is no fault, saying which member is wrong.
        """
        __tracebackhide__ = True
        return Fault(self._call, self._call("POST", "/faults", fault))

    def clear(self) -> None:
        """End all of them."""
        self._call("DELETE", "/faults")

    def __iter__(self) -> Iterator[Fault]:
        return (Fault(self._call, answer) for answer in self._call("GET", "/faults")["faults"])


class Quota:
    """How many requests a company may send in a window; those over it get a 429."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def set(self, requests: int, window_ms: int) -> None:
        """Allow so many requests in each window of so many milliseconds, counting from now."""
        __tracebackhide__ = True
        self._call("PUT", "/quota", {"requests": requests, "window_ms": window_ms})

    def remove(self) -> None:
        """Allow any number again."""
        self._call("DELETE", "/quota")

    @property
    def refused(self) -> int:
        """How many requests got a 429 from it."""
        refused: int = self._call("GET", "/quota")["refused"]
        return refused
