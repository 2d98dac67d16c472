"""The truth: tables, one writer, and one file per aggregate."""
