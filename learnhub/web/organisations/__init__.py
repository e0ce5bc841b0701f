"""Units and members for secretaries; the tree, roles and the audit trail for administrators."""
