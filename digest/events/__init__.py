"""The trainings of an issue: tours, their stops, sign-ups and offers of help."""
