"""Finding members by conditions: what can be asked, searches that are kept, and what is found."""
