"""The page on which a new machine is made."""
