"""Notices as pages: the bell, a member's list, a secretary's reminder and its read receipts."""
