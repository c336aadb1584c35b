"""The details view: every setting of a machine, beside its live console."""
