"""What the kit needs of hypothesis: strategies made from the schemas, and the search for a small failing example.

It may import session/ and judge/. It must not know an operation or a check: it gets a strategy and a function.
"""
