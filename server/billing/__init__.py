"""What is sold: tiers, quotas and, later, payments."""
