// SPDX-License-Identifier: Apache-2.0

/// The kinds of document that hospital systems drop; the raw value is the folder's name in the spool.
package enum DocumentKind: String, Codable, CaseIterable, Hashable, Sendable {
    case nursing
    case radiology
    case caseReport = "case-report"
    case dischargeSummary = "discharge-summary"
    case referral
    case progressNote = "progress-note"
    /// What is none of these, or of a code that is not known.
    case other
}
