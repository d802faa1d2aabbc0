"""Who signs in: accounts with passwords and second factors, and their sessions."""
