"""The design page: every component with sample data."""
