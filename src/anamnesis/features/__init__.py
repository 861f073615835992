"""What a feature may do, and how its code is found. Only the application ever runs it."""
