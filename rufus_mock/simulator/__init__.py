"""Delivers a simulated race to a target, a server or a world in this process, in real time or faster.

Each device sends on its own thread. Also writes a race as a fixture, a start list or a picture.

It may import client/, race/, fixtures/ and what is below them. It must not decide what happens in a race: race/ does.
"""
