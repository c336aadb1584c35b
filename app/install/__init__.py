"""From a medium to a machine: what the file is, what it needs, the definition, the making of it."""
