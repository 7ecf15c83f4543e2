"""Where the data files lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def folder(name: str) -> Path:
    """The folder `name` ("schemas", "fixtures", "contract_tests").

    A wheel may add no top-level name but rufus_mock, so there the folders lie under rufus_mock/_data.
    """
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
