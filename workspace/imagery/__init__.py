"""The images of a room as browsers get them, and what is measured in them."""
