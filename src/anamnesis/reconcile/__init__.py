"""What differs between what was typed, journaled, recorded and shown, in typed terms."""
