"""A note with Django REST framework, its history kept by django-simple-history."""
