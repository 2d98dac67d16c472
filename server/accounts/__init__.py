"""Who somebody is: tokens and sessions."""
