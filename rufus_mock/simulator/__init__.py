"""Lets a simulated race happen: its devices send, each on a thread of its own, at the speed that is asked for."""
