"""The web server around the page: what it accepts, how it answers, when it stops."""
