// Configuration: the one TOML file, checked and typed.
