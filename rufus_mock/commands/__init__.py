"""The subcommands of rufus-mock, one module each, with their options and help.

A module is imported when its command runs, because start-up time is a feature. It may import everything, but heavy
modules only in the function that needs them. Only cli.py may import a command. A command must not do the work itself.
"""
