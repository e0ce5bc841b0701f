"""Is it alive, is it ready, and what do the numbers say: for monitors and for the administrator."""
