"""Files on their way in from a browser, in a folder nobody else can open."""
