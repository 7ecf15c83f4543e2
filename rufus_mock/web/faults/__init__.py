"""What faults do to answers: applies the kinds of a fault in order, and describes how the changed answer goes out.

It may import base/, spec/ and world/. It must not know when a fault applies (`world/faults.py` does) or how bytes get
to a socket (serving/ does).
"""
