"""The decoders in C (a library with a plain C interface), and how they are loaded; ``vnc/fast.py`` uses them."""
