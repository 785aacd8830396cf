"""Programs that run in processes of their own: each reads a job (JSON) and writes what it found beside it."""
