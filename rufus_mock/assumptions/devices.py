"""What identifies a device, how devices are listed, and what they show."""
