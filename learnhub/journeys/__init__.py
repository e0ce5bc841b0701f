"""What happens across features, told from start to end."""
