"""What a score means: one TOML file a scale."""
