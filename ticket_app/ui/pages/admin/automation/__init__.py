"""The pages of saved replies and macros, the shared ones and one's own."""
