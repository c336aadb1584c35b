"""Fixtures that need Qt."""

from tests.lab.desk import tell

__all__ = ["tell"]
