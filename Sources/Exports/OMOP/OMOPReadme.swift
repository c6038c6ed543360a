// SPDX-License-Identifier: Apache-2.0

extension OMOPExport {
    /// What goes with the tables: what they hold, and what a site has to check.
    package static func readme(_ count: Count) -> String {
        """
        NOTE and NOTE_NLP of the OMOP Common Data Model 5.4, written by Shoken.

        NOTE.csv      \(count.notes) rows
        NOTE_NLP.csv  \(count.mentions) rows

        UTF-8 without byte order mark, header in lower case, RFC 4180. Texts stand as they were sent.
        Only current documents; \(count.withoutPerson) whose patient is not in the list of persons and
        \(count.withoutText) without text are left out.

        note_id                 the document's number in Shoken's database
        note_date               when it was written, in Japan's time; \(count.datedByReceipt) are dated by when they
                                came in, since nothing says when they were written; of \(count.datedByMonth) only
                                year or month is known, and the first day stands for it
        note_source_value       Shoken's key of the document, or the beginning of its SHA-256 if it is longer
        note_type_concept_id    32831 (EHR note); encoding 32678 (UTF-8); language 4181524 (Japanese):
                                compare these three with your vocabulary (Athena) before you load
        note_class_concept_id   by your list of concepts and the kind of document, else 0
        offset                  first character of the mention in note_text, counted in Unicode code points from
                                0; categories have none
        note_nlp_id             eight numbers for each row of Shoken's database: 0 a mention, 1 a grade, 2 to 5 the
                                categories T, N, M and the stage group; the same in each export
        note_nlp_concept_id     by your list of concepts, else 0 (\(count.withoutConcept) rows)
        term_exists             N where it is denied, only general, planned, or somebody else's, or where a grade is
                                below 2
        term_modifiers          type, certainty, subject, temporality, state, score, section, name, icd10, …

        All of it was found by a program. Nobody has looked at it.

        """
    }
}
