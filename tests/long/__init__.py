"""Long tests: `make test-long`."""
