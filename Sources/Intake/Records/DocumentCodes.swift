// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Which kind of document a sender's code means.
///
/// The standard table has codes of LOINC as JP Core, CDA and SS-MIX2 use them; a site adds its own.
package struct DocumentCodes: Hashable, Sendable {
    private let kinds: [String: DocumentKind]

    /// The standard table, laid over by a site's.
    package init(site: [String: DocumentKind] = [:]) {
        kinds = Self.standard.merging(site) { $1 }
    }

    /// The kind that a code means; ``DocumentKind/other`` for a code that is not known.
    package func kind(of code: String) -> DocumentKind { kinds[code] ?? .other }

    /// Whether a code stands in the table.
    package func knows(_ code: String) -> Bool { kinds[code] != nil }

    private static let standard: [String: DocumentKind] = [
        "34746-8": .nursing, "看護記録": .nursing,
        "18748-4": .radiology, "LP29684-5": .radiology,
        "18842-5": .dischargeSummary,
        "57133-1": .referral, "MD0020730": .referral,
        "11506-3": .progressNote, "34108-1": .progressNote, "34112-3": .progressNote,
    ]
}
