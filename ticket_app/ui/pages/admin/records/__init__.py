"""Settings pages that list objects of one kind, with a dialog to add, change and delete them."""
