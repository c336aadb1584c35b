"""Dialogs, opened without nested loops."""
