"""Parts built as one would without a second thought: where the attacks bite."""
