"""What the built site and the feedback service both stand on.

Faults in words, trees of values that remember their lines, typed fields, words in several
languages, and the association's own settings. Imports nothing else of ours.
"""
