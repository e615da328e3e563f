"""Deezer: connect.deezer.com, api.deezer.com and www.deezer.com, in their older dialect."""
