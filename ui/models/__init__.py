"""Item models of the list, and their rows without Qt."""
