"""Small editors for what a machine is made from, one for each kind that needs answers."""
