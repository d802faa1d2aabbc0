"""What was decided, and by whom: plan, commands, events, log, rooms, members."""
