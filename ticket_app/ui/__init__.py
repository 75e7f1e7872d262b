"""The web app: pages, their states, and the parts they are made of."""
