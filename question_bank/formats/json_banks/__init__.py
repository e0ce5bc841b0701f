"""Banks that programs keep as JSON or in scripts: their dialects, and what their fields are called or hold."""
