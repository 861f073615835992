"""The only package that sees every part: joins them into processes and tools.

Nothing is imported here: the keeper's process loads what the keeper is made of, and no page.
"""
