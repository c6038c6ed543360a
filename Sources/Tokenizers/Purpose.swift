// Tokenizers: Unigram: encode, decode, train; tokenizer files.
