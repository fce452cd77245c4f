"""Markdown to HTML, with what stands in it told apart: headings, links, pictures, faults."""
