"""What saves agents repeated work: saved replies with variables, and macros."""
