"""The devices that a run checks with: how they are made, and a model of what they should hold.

It may import session/, judge/, explore/ and the run. It must know nothing of the mock's code (the model is the
kit's own idea of the API), and it must not read anything back to compare it: reads/ does that.
"""
