"""Packages of invented goods: what they are called, how they are printed, what shape they have."""
