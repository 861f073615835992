"""Synthetic practitioners who walk every path each minute, and read back what they wrote."""
