"""Pages on which a transfer is asked for, looked at and answered."""
