// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation

/// The name of a file in `processing/`, which is all that a restart knows of a claim.
///
/// `MILLISECONDS-RANDOM.HISTORY.KIND.ORIGINAL`, for instance
/// `1790000000123-k3j9x2a0.k00c0w.case-report.経過.txt`: when it was claimed (since 1970), eight random
/// letters, what has befallen it (see ``ClaimHistory``), the folder it came from, and the producer's
/// name byte for byte. An original of more bytes than fit is cut, see ``DurableFiles/FileName``'s `fitted`.
struct ClaimName: Hashable {
    let claimedMilliseconds: Int64
    let random: String
    var history: ClaimHistory
    let kind: DocumentKind
    let original: FileName

    /// Names a new claim.
    init(kind: DocumentKind, original: FileName, claimedAt: Date, isAlone: Bool) {
        let milliseconds = (claimedAt.timeIntervalSince1970 * 1000).rounded()
        claimedMilliseconds = max(0, Int64(exactly: milliseconds) ?? 0)
        random = randomMark()
        history = ClaimHistory(isAlone: isAlone)
        self.kind = kind
        self.original = original
    }

    /// Reads a name back; nil when it is none of ours.
    init?(_ name: FileName) {
        let fields = name.bytes.split(
            separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4 else { return nil }
        let texts = fields[..<3].map { String(decoding: $0, as: UTF8.self) }
        let stamp = texts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard stamp.count == 2, let milliseconds = Int64(stamp[0]), milliseconds >= 0,
            stamp[1].utf8.count == 8, let history = ClaimHistory(texts[1]),
            let kind = DocumentKind(rawValue: texts[2]),
            let original = FileName(bytes: Array(fields[3]))
        else { return nil }
        claimedMilliseconds = milliseconds
        random = String(stamp[1])
        self.history = history
        self.kind = kind
        self.original = original
    }

    /// The name as it stands in `processing/`.
    var fileName: FileName {
        let head = Array("\(claimedMilliseconds)-\(random).\(history.text).\(kind.rawValue).".utf8)
        let tail = original.fitted(to: FileName.maximumBytes - head.count)
        guard let name = FileName(bytes: head + tail.bytes) else {
            preconditionFailure("a claim's name is built of parts that are names")
        }
        return name
    }

    var claimedAt: Date { Date(timeIntervalSince1970: Double(claimedMilliseconds) / 1000) }
}
