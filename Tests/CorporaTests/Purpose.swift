// Tests of Corpora: labelled rows and raw texts that models learn from.
