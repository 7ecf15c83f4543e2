"""The result of a run and its forms: terminal, JSON, JUnit, HTML, and the baseline of accepted findings.

It may import session/ (for masking) and judge/. It must never send a request or change a verdict.
"""
