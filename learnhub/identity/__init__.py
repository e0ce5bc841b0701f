"""Who somebody is: accounts, passwords, sign-in sessions and personal access tokens."""
