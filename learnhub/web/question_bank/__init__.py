"""Question banks at the desk: looking for questions, writing one, bringing in a file."""
