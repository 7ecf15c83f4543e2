"""The options of a run: the target, its keys, and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...base.defaults import BUDGET, DEADLINE, EXAMPLES, EXAMPLES_EMBEDDED, EXAMPLES_IN_TESTS, RATE, TIMEOUT


@dataclass(frozen=True)
class Keys:
    """The keys that were given. read_key and write_key have those access types, api_key can have any.

    write_may_unbind: whether the write key has the unbind permission; None if that is not known.
    """

    api_key: str | None = None
    read_key: str | None = None
    write_key: str | None = None
    other_key: str | None = None
    unbind_key: str | None = None
    write_may_unbind: bool | None = None

    @property
    def reader(self) -> str | None:
        return self.read_key or self.api_key

    def all(self) -> tuple[str, ...]:
        given = (self.api_key, self.read_key, self.write_key, self.other_key, self.unbind_key)
        return tuple(dict.fromkeys(key for key in given if key))

    def __repr__(self) -> str:
        return f"Keys({len(self.all())} given)"


@dataclass(frozen=True)
class Options:
    """How a run behaves. rate: requests a second; budget: requests in all; examples: per property.

    timeout: seconds for one exchange, from the first byte of the request to the last byte of the answer. deadline:
    seconds for the run, without its clean-up; None: no deadline.

    measured: the assumptions that were measured on the target before, and for each whether it has the default variant.
    """

    base_url: str
    keys: Keys
    allow_writes: bool = False
    rate: float | None = None
    budget: int | None = None
    examples: int = EXAMPLES_IN_TESTS
    seed: int = 0
    operations: tuple[str, ...] = ()
    dialect: str | None = None
    measured: Mapping[str, bool] = field(default_factory=dict)
    timeout: float = TIMEOUT
    deadline: float | None = None

    @classmethod
    def for_target(
        cls,
        base_url: str,
        keys: Keys,
        *,
        embedded: bool,
        seed: int,
        allow_writes: bool = False,
        rate: float | None = None,
        budget: int | None = None,
        examples: int | None = None,
        operations: tuple[str, ...] = (),
        dialect: str | None = None,
        measured: Mapping[str, bool] | None = None,
        timeout: float | None = None,
        deadline: float | None = None,
    ) -> "Options":
        """The options for a target, with its defaults for None. embedded: it is the mock in this process."""
        return cls(
            base_url,
            keys,
            allow_writes=embedded or allow_writes,
            rate=RATE if rate is None and not embedded else rate,
            budget=BUDGET if budget is None and not embedded else budget,
            examples=examples or (EXAMPLES_EMBEDDED if embedded else EXAMPLES),
            seed=seed,
            operations=operations,
            dialect=dialect,
            measured=measured or {},
            timeout=timeout or TIMEOUT,
            deadline=DEADLINE if deadline is None and not embedded else deadline,
        )
