"""The sentence a clinic may stand behind, what it rests on, and wordings held against it."""
