"""Where and how events are listed."""
