"""End-to-end tests: the real program on a private display, driven by mouse, keyboard and drag-and-drop alone."""
