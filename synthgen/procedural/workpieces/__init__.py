"""Machined, moulded, bent and printed parts for inspection scenes, and what is wrong with some of them."""
