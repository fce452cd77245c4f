"""What is worth another look in staff's words: long sentences, hard words, slips of the pen."""
