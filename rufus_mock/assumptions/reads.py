"""Which passings a read selects, in which order, and what it answers if there are none."""
