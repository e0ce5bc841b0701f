"""Pages of the points ledger: mine, a member's, one entry with its reasons, and the rules."""
