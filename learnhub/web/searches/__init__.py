"""Finding members by conditions, keeping searches, and taking out what was found."""
