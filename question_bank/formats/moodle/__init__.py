"""Moodle's question banks: its XML read and written, its course backups read."""
