"""Every line of SQL, by apsw, which carries a current SQLite."""
