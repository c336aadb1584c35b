"""The terminal: paints a text console's frames, takes keys and mouse for it."""
