"""Frames to viewers over WebSockets."""
