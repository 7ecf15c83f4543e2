"""rufus-mock, and python -m rufus_mock. The check of the health is quick: it starts without the rest of the command."""

import sys


def main() -> None:
    """Run what the arguments of the process ask for."""
    if sys.argv[1:] == ["healthcheck"]:
        from .healthcheck import main as run
    else:
        from .cli import main as run
    run()


if __name__ == "__main__":
    main()
