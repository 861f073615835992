"""What is written about a patient, and the legal life of a note: draft, signed, amended (pure)."""
