"""The pages that the command palette leads to."""
