"""The points ledger, append-only, and the dated rules that pay into it."""
