"""rufus-mock, and python -m rufus_mock. The health check runs without importing the rest of the command."""

import sys

from .base.process import INTERRUPTED, begin, describe, end, fail


def main() -> None:
    """Run the command that the arguments of the process name, and end the process."""
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
