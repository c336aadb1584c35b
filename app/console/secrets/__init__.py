"""Passwords of screens, for every console protocol: in the desktop's own store (Secret Service), or for this run only."""
