"""How the packaged sentence model is made: corpus, teachers, vocabulary, table."""
