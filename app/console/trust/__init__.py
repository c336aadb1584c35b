"""Whether a screen's server is the right one: authorities, certificates, pins and the question to the user.

Knows TLS, but no console protocol: each of them brings its connection to a ``Guard`` (``guard.py``) or to ``examine``.
"""
