"""rufus-mock, and python -m rufus_mock. The check of the health is quick: it starts without the rest of the command."""

import sys

from .base.process import INTERRUPTED, begin, describe, end, fail


def main() -> None:
    """Run what the arguments of the process ask for, and end the process."""
    status: object = 0
    try:
        begin()
        if sys.argv[1:] == ["healthcheck"]:
            from .serving.healthcheck import main as run
        else:
            from .cli import main as run
        run()
    except SystemExit as error:
        status = error.code
    except KeyboardInterrupt:
        status = INTERRUPTED
    except OSError as error:
        said = describe(error)
        if said is None:
            raise
        status = fail(said)
    sys.exit(end(status if isinstance(status, int) else 0))


if __name__ == "__main__":
    main()
