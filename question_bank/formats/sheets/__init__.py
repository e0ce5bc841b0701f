"""Sheets of rows: their headers, their columns, what stands in a cell."""
