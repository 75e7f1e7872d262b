"""What somebody was told: the bell in the frames, and the page behind it."""
