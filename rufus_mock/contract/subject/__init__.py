"""The devices that a run checks with: how they are made, and a model of what they should hold.

It may import session/, judge/ and the run. It must know nothing of the mock's code (the model is the kit's own idea of
the API), and it must not compare what a device holds with the model: reads/ does that.
"""
