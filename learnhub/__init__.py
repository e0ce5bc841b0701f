"""The platform: who learns, when, and what it earns them."""
