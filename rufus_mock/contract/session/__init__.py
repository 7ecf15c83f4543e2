"""The conversation with the target: options and keys, the guarded transport, who owns what, first contact, clean-up.

It sends requests and hands over answers. It may import the client, the reader of the contract, and nothing else of the
kit. It must never know which answer is right: no finding, no rule and no check appears here.
"""
