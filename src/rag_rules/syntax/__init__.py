"""Text to target and text to reading; knows no meaning."""
