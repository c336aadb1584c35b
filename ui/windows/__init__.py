"""The main window, its pages, and what holds them together."""
