"""Documents on paper: what a version of a document says, set on sheets that a patient is handed."""
