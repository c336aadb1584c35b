"""What the details view asks and shows in windows: differences, pending changes, conflicts, new hardware, history."""
