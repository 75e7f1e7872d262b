"""Filing a ticket for somebody: who, what, how urgent; kept on the server while it is written."""
