"""Changing a machine: the edited document (``session``), what a change does (``plan``, ``apply``), what waits (``pending``), and
what was before (``history``)."""
