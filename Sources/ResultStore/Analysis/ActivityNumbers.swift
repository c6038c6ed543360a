// SPDX-License-Identifier: Apache-2.0
import GRDB

/// What came, what was found in it and what is to be looked at, counted in the public views: of current documents
/// alone, and all of one moment.
///
/// Findings, stages and reactions are counted by the patients that have them; a document that names no patient
/// stands for one of its own. Days are those of Japan, on which a document was written, or else received.
package struct ActivityNumbers: Hashable, Sendable {
    /// Documents of a kind on a day.
    package struct Day: Hashable, Sendable {
        /// `YYYY-MM-DD`.
        package let day: String
        /// The kind.
        package let kind: String
        /// How many.
        package let documents: Int
    }

    /// Patients to whom a name belongs.
    package struct Named: Hashable, Sendable {
        /// The name.
        package let name: String
        /// How many.
        package let patients: Int
    }

    /// Patients with a finding of a code, or else of a standard name.
    package struct Finding: Hashable, Sendable {
        /// `disease` or `drug`.
        package let type: String
        /// Its standard name, or else its code; of a code with several names these, the most frequent first.
        package let name: String
        /// Its code, where it has one.
        package let code: String?
        /// Patients who have it in any month.
        package let patients: Int
        /// Patients by month, `YYYY-MM`.
        package let months: [String: Int]
    }

    /// Patients to whom a drug did something, as far as texts suspect or state it.
    package struct DrugReactions: Hashable, Sendable {
        /// Standard name of the drug; nil for all drugs that have none.
        package let drug: String?
        /// Patients with a reaction that is suspected or stated.
        package let patients: Int
        /// Patients with one that is stated.
        package let stated: Int
        /// Standard names of reactions with their patients, the most frequent first.
        package var reactions: [Named] = []
    }

    /// Rows of a kind, and how many of them a person should look at.
    package struct ReviewShare: Hashable, Sendable {
        /// `disease`, `drug`, `dose`, `stage`, `adverse-event-pair`.
        package let row: String
        /// How many there are.
        package let rows: Int
        /// How many of them are to be looked at.
        package let toReview: Int
    }

    /// Documents that a model has read.
    package struct Model: Hashable, Sendable {
        /// Name and version of the bundle.
        package let name, version: String
        /// How many documents.
        package let documents: Int
        /// The days on which it read the first and the last of them.
        package let firstDay, lastDay: String
    }

    /// What went wrong, as far as the database knows; nil in a copy without the audit trail.
    package struct Faults: Hashable, Sendable {
        /// Records of files that gave no document.
        package let records: Int
        /// Documents that contradict a version of the same number.
        package let conflicts: Int
        /// Files that were dropped again with name and bytes of a recorded one.
        package let repeatedFiles: Int
    }

    /// So many names of a type, and so many drugs, are counted one by one.
    package static let mostNames = 40

    /// Documents.
    package internal(set) var documents = 0
    /// Patients whom they name.
    package internal(set) var patients = 0
    /// Documents that name none.
    package internal(set) var withoutPatient = 0
    /// Documents by day and kind, in the order of days.
    package internal(set) var days: [Day] = []
    /// The names that most patients have, by type.
    package internal(set) var findings: [Finding] = []
    /// How many names there are, by type.
    package internal(set) var names: [String: Int] = [:]
    /// Mentions of what patients have that no dictionary has a name for, by type.
    package internal(set) var unnamed: [String: Int] = [:]
    /// Patients by stage group, in the order of groups.
    package internal(set) var stages: [Named] = []
    /// Documents without a stage group, by the reason.
    package internal(set) var unstaged: [String: Int] = [:]
    /// Reactions by drug, the most patients first.
    package internal(set) var reactions: [DrugReactions] = []
    /// How many drugs have a reaction.
    package internal(set) var reactingDrugs = 0
    /// Shares to be reviewed.
    package internal(set) var review: [ReviewShare] = []
    /// Models, the last first.
    package internal(set) var models: [Model] = []
    /// What went wrong.
    package internal(set) var faults: Faults?
}
