"""The tree of units, who belongs where and when, which roles they hold, and what that lets them see."""
