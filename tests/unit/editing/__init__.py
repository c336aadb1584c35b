"""Tests of app.editing."""
