"""Icons, translations, themes, schemas; read through importlib.resources."""
