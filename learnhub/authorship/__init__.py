"""Who may edit which course or bank, and which unit owns it."""
