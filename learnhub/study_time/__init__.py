"""Study time: seconds that the server credits, each once, and the hours they make."""
