"""The inbox: the unread badge in the navigation, and the list of notifications."""
