"""The sample association's own story: told in two files, and played through the real parts.

`voices.yaml` holds what tenants said and what staff did about it, `hands.yaml` votes, answers and
pulls. Nothing else writes the sample's records: `python -m commands.story`, from the root, writes
content/feedback/ anew.
"""
