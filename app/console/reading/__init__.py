"""Text from the picture of a guest's screen."""
