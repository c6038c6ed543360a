// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

extension SpoolDirectory {
    /// How many files of a kind that were set aside in a period lie in `failed/`, by a word for the reason; without
    /// any name. Throws `FileError`.
    package func failures(
        ofKind kind: DocumentKind? = nil, since: StatedTime? = nil, until: StatedTime? = nil
    ) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for name in try failedNames() {
            let report = reason(of: name)
            let at = report.flatMap { StatedTime($0.at) }?.milliseconds
            if let kind, report?.kind != kind { continue }
            if let since, at.map({ $0 < since.milliseconds }) ?? true { continue }
            if let until, at.map({ $0 >= until.milliseconds }) ?? true { continue }
            counts[FailureReport.word(for: report?.code ?? "unknown"), default: 0] += 1
        }
        return counts
    }
}

extension FailureReport {
    /// A code as it may be told to others: what is no word of ours, in a reason that somebody wrote by hand,
    /// could name anything, and is `other`.
    package static func word(for code: String) -> String {
        let isWord =
            (1...40).contains(code.utf8.count)
            && code.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
        return isWord ? code : "other"
    }
}
