"""The subcommands of rufus-mock, a module each, imported when they run: start-up time is a feature."""
