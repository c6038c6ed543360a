// Intake: bytes to documents: encodings, text, JSON Lines.
