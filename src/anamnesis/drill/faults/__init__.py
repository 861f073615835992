"""Terrible features, written through the documented interface as an outsider would.

Nothing in the product knows them: they are loaded from their files like any other feature, and the
drill deploys them. What each does is in the docstring of its class.
"""
