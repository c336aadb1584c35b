"""Editing a definition as text: the editor, its checks, and the generic inspector of what the schema allows."""
