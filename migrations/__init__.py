"""The diary of the database: every change of its tables, oldest first."""
