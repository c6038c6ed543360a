// Tests of Tokenizers: Unigram: encode, decode, train; tokenizer files.
