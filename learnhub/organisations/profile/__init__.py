"""What is known of a member beyond the account: configurable fields, their history, changes that wait, the photo."""
