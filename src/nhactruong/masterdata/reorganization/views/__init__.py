"""Pages of agencies and reorganizations."""
