// Tests of JapaneseText: text in two coordinates, cleaning, sentences, morphemes.
