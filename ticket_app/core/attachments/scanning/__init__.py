"""Whether an attached file is safe to hand out."""
