// SPDX-License-Identifier: Apache-2.0

extension ColumnMeanings {
    private static let offset = "Unicode scalars of documents.text, from 0"

    /// What the columns of reviews and of the views over them mean; with a relation what differs from the
    /// general meaning of a name.
    static let reviews: [String: Meaning] = [
        "reviews.id": (
            "Number of the action; of two about the same thing the later one counts", nil
        ),
        "reviews.action": (
            "What was done", "accept, reject, change, add, level, stage, undo, done"
        ),
        "reviews_in_force.id": ("Number of the action", nil),
        "reviews_in_force.action": (
            "What was done", "accept, reject, change, add, level, stage, done"
        ),
        "added_id": ("The mention that a reviewer added: reviews.id of the row that did", nil),
        "undoes": ("The row that an undo takes back", nil),
        "reviewer": ("Who reviewed", nil),
        "reviewed_at": ("When it was reviewed", "ISO 8601, UTC, milliseconds"),
        "type_before": ("Type of the mention, of the model", "disease, drug, dose"),
        "type_after": ("Type of the mention, of the reviewer", "disease, drug, dose"),
        "start_before": ("Where the mention begins, of the model", offset),
        "start_after": ("Where the mention begins, of the reviewer", offset),
        "end_before": ("Where the mention ends, of the model", offset),
        "end_after": ("Where the mention ends, of the reviewer", offset),
        "certainty_before": (
            "Certainty, of the model", "positive, suspicious, negative, general"
        ),
        "certainty_after": (
            "Certainty, of the reviewer", "positive, suspicious, negative, general"
        ),
        "subject_before": ("Whose it is, of the model", "patient, family, other"),
        "subject_after": ("Whose it is, of the reviewer", "patient, family, other"),
        "axis": ("What a reviewer of a stage sets", "t, n, m, stage"),
        "value_before": ("Level or category, of the model", nil),
        "value_after": ("Level or category, of the reviewer; none where the report has none", nil),
        "note": ("The reviewer's words", "1000 characters at most"),
        "review_id": ("The action: reviews.id", nil),
        "verdict": ("What the reviewer says of the mention", "accept, reject, change, add, none"),
        "model_version": ("Version of the model bundle", nil),
        "first_reviewer": ("The one of the two reviewers whose name comes first", nil),
        "second_reviewer": ("The other reviewer", nil),
        "first_verdict": ("What the first reviewer says", "accept, reject, change"),
        "second_verdict": ("What the second reviewer says", "accept, reject, change"),
        "same": ("Whether both say the same", "0 or 1"),
    ]
}
