"""What lets people install the web app: its manifest, its offline page and its service worker."""
