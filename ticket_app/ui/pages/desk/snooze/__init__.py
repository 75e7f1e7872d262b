"""Put tickets aside until a moment."""
