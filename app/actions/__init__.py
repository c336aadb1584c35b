"""What a user can do to machines and hosts: declared once, without a window."""
