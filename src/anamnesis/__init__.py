"""Anamnesis: a medical record that keeps, proves and shows what a practitioner typed."""

__version__ = "0.1.0"
