"""The analytics page: ticket volume, resolution and agent performance."""
