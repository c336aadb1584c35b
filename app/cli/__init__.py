"""What the program does without a window, from a shell."""
