"""The playground: a folder for any web server, whose page runs Python and this library in the browser."""
