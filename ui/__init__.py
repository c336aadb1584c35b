"""Windows; imports app, and nothing imports ui."""
