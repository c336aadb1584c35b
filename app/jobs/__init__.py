"""Long actions: progress, cancellation, outcome and the task log."""
