"""Who else has a ticket open, in its header and in the queue, and newer messages on sending."""
