"""Profiles (named sets of settings) and templates (machines from which others are made)."""
