"""The sample office: invented data, and what loads it."""
