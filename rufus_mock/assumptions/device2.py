"""Where a continued read starts, where it continues, and what it answers if there is nothing new."""
