"""Commands for maintainers. They are in a checkout only, and may import anything of the package."""
