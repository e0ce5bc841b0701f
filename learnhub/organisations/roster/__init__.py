"""Rosters: who belongs to which unit, as a file says it; read, compared with what is known, written, undone."""
