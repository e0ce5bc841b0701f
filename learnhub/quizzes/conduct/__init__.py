"""How a quiz is held: what came too late, one device at a time, the safe browser, and traces of what was not fair."""
