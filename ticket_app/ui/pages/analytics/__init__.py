"""Analytics: what came in, what was done, by whom; for those who may read reports."""
