"""A general practice that never was: people, years of encounters, and the days to come.

Everything is drawn from one seed, so that the same seed tells the same story again.
"""
