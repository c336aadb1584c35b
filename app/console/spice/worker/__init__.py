"""SPICE's client library in a process of its own: what a server makes of it, a crash or worse, stays there.

``run.py`` is its program, started by ``app.console.spice.process``.  Nothing here is imported by the program itself.
"""
