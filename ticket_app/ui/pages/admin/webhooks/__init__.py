"""The settings pages for webhook subscriptions and their deliveries."""
