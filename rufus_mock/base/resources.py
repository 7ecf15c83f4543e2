"""Where the data files are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def folder(name: str) -> Path:
    """The folder `name` ("schemas", "fixtures", "contract_tests").

    A wheel must not add top-level names other than rufus_mock, so there the folders are in rufus_mock/_data.
    """
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
