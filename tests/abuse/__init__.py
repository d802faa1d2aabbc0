"""What an attacker would try: once against a stock or naive build, where it bites, and here."""
