// Tests of ClinicalTypes: the vocabulary that modules pass to each other.
