// Tests of ClinicalTasks: what is asked of a document and how an answer becomes a typed result.
