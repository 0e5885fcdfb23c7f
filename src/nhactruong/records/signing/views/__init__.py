"""Pages of keys and signatures."""
