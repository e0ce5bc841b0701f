"""Commands for whoever works on the house; none of them is needed at run time."""
