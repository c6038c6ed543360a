// SPDX-License-Identifier: Apache-2.0
import DurableFiles

extension FileName {
    /// The name cut to so many bytes, its extension kept, with a mark before the extension.
    ///
    /// A name that fits and needs no mark stays as it is. One that is cut without a mark gets
    /// `~` and eight digits of its SHA-256, so that two long names that differ only at their ends
    /// stay two. `maximumBytes` is at least 64.
    func fitted(to maximumBytes: Int, mark: String? = nil) -> FileName {
        precondition(maximumBytes >= 64, "no room for a name")
        if mark == nil && bytes.count <= maximumBytes { return self }
        let suffix = Array(
            "~\(mark ?? String(ContentDigest(of: bytes).hexadecimal.prefix(8)))".utf8)
        let (stem, ending) = parts
        let room = maximumBytes - suffix.count - ending.count
        let kept = FileName.wholeScalars(stem.prefix(max(1, room)))
        return FileName(bytes: kept + suffix + ending) ?? self
    }

    /// The bytes before and from the last dot; an ending of more than 16 bytes is none.
    private var parts: (stem: [UInt8], ending: [UInt8]) {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, bytes.count - dot <= 16
        else { return (bytes, []) }
        return (Array(bytes[..<dot]), Array(bytes[dot...]))
    }

    /// Drops a UTF-8 sequence that the cut left without its end.
    private static func wholeScalars(_ cut: ArraySlice<UInt8>) -> [UInt8] {
        let tail = cut.suffix(4)
        guard let lead = tail.lastIndex(where: { !UTF8.isContinuation($0) }) else {
            return Array(cut)
        }
        let needed =
            switch cut[lead] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        return Array(cut.endIndex - lead < needed && lead > 0 ? cut[..<lead] : cut)
    }
}

/// A short part of a name that no other name has: eight letters and digits.
func randomMark() -> String {
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    return String((0..<8).map { _ in letters[Int.random(in: 0..<letters.count)] })
}
