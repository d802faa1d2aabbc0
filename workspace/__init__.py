"""What is seen and touched: server, panels, planning geometry, exports, command line."""
