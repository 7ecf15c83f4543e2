"""The subcommands of rufus-mock, one module each: options, help, and the call of what does the work.

A module is imported when its command runs, because start-up time is a feature. It may import everything, but only in
the function that needs it. Nothing may import a command except cli.py, and a command must not do the work itself.
"""
