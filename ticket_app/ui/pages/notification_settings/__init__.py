"""What a person is notified of, how, and when."""
