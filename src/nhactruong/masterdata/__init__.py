"""The shared data store: who we are, which words are in force, which days we work."""
