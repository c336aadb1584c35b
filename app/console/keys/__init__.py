"""Keys as hardware sees them, and layouts that say what they mean.  No Qt."""
