"""What follows from an incident: what is at stake, and what the law asks when something is lost."""
