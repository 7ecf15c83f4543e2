"""python -m rufus_mock"""

from .cli import main

main()
