"""The web app: pages, states, widgets and components."""
