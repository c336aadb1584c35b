"""The rows that most people never need, folded in place."""
