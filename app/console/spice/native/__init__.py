"""A function in C for SPICE's library to call (strips.c); set-up compiles it, and without it Python does the same."""
