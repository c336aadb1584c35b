"""Declared options and their store, saved connections, and where the files lie."""
