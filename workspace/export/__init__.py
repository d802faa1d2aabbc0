"""What leaves the room: surfaces and bundles."""
