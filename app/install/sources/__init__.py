"""Where a machine comes from: one class for each kind, all listed in ``table``."""
