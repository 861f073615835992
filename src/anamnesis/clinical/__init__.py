"""What the record is about: patients, encounters, notes and their legal life. Pure."""
