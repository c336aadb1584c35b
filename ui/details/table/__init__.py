"""Elements that may be there several times, edited in place."""
