"""The limits of a process that makes moving pictures (p)."""

memory_bytes_max = 1536 * 1024 * 1024
"""Of it, and of ffmpeg's."""
cpu_s_max = 1_800
"""Processor time, of each."""
