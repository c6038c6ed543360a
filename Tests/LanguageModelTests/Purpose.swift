// Tests of LanguageModel: architectures, forward pass, heads.
