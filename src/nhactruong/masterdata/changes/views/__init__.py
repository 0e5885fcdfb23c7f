"""Pages: the orders, one order with its answer, and asking for a change."""
