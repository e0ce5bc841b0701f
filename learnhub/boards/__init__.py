"""Standings: who stands where, in which period; computed from the ledger."""
