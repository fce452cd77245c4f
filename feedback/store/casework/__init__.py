"""What is known of a case: its words, events, answers, hand-overs, and what is owed by when."""
