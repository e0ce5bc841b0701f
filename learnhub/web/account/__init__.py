"""Signing in and out, one's own profile, password, devices and tokens."""
