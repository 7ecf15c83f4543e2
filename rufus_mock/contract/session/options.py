"""What a run is given: the target, its keys, how far it may go."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Keys:
    """The keys that were given. read and write are known to be of those types, api_key can be of any.

    write_may_unbind: does the write key have the unbind permission? None: not known.
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
    """How a run behaves. examples scales the effort of each property."""

    base_url: str
    keys: Keys
    allow_writes: bool = False
    rate: float | None = None
    budget: int | None = None
    examples: int = 25
    seed: int = 0
    operations: tuple[str, ...] = ()
    dialect: str | None = None
