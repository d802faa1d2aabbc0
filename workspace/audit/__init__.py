"""The audit trail at work: what the server notes, and the forms in which others read it."""
