"""What is asked: questions of every kind with their versions, how they are marked, drawn, read and written."""
