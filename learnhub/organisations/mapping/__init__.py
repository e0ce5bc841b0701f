"""The organisation on a map: where units are, and the outline that is drawn behind them."""
