"""The texts of the demo data: organisations, people, replies and stories, by topic."""
