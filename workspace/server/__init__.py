"""One process, one port: rooms, members and surfaces over HTTP and WebSocket."""
