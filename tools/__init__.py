"""Commands for maintainers. They are not part of the wheel, and may import every module of the package."""
