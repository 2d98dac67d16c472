"""Links, and who watches by them."""
