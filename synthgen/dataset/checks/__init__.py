"""The checks of `validate`, by what they look at."""
