// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Looks for rows of one table that bear the same identifier and cannot be versions of one document.
struct TableIdentities {
    private struct Version: Hashable {
        let version: String?
        let time: String?
        let status: SenderStatus
        let authoredAt: String?
    }

    private struct Holder {
        let index: Int
        let document: ClinicalDocument
    }

    private var holders: [String: [Holder]] = [:]

    /// Takes a document that stands at an index of the table's entries.
    mutating func add(_ document: ClinicalDocument, at index: Int) {
        guard let key = document.source.key else { return }
        holders[key, default: []].append(Holder(index: index, document: document))
    }

    /// Indices of rows that contradict each other, with what is wrong.
    ///
    /// An identifier of several patients names no document, and one that stands twice with different texts
    /// is of a table that has a row for each part of a document, or the one or the other is out of date.
    var conflicts: [(index: Int, flaw: FormatFlaw)] {
        var conflicts: [(Int, FormatFlaw)] = []
        for group in holders.values where group.count > 1 {
            if Set(group.compactMap(\.document.patientIdentifier)).count > 1 {
                conflicts += group.map {
                    ($0.index, .contradiction("rows of other patients bear the same identifier"))
                }
                continue
            }
            var texts: [Version: Set<String>] = [:]
            for holder in group {
                texts[Self.version(of: holder.document), default: []].insert(holder.document.text)
            }
            conflicts += group.filter {
                texts[Self.version(of: $0.document), default: []].count > 1
            }
            .map {
                (
                    $0.index,
                    .contradiction(
                        "rows with other text bear the same identifier, and no version says which counts"
                    )
                )
            }
        }
        return conflicts
    }

    private static func version(of document: ClinicalDocument) -> Version {
        Version(
            version: document.source.version, time: document.source.versionTime,
            status: document.source.status, authoredAt: document.authoredAt)
    }
}
