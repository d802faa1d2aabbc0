"""What whoever runs a server does about it: back up, restore, retain."""
