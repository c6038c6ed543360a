// SPDX-License-Identifier: Apache-2.0

/// NUL bytes that fill a file up before and behind its text and its lines, as systems with fixed lengths and
/// copies that went wrong leave them.
struct Padding {
    /// The bytes without it.
    let content: [UInt8]
    /// How many bytes it has.
    let length: Int
    /// Where bytes were left out of the content, and how many.
    private let gaps: [(place: Int, length: Int)]

    /// Looks at the beginning and the end of a file and, but for one of records, at the ends of its lines; in
    /// UTF-16, which a byte order mark shows, at its end for whole characters.
    init(of bytes: [UInt8], isOfRecords: Bool = false) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            var end = bytes.count
            if end.isMultiple(of: 2) {
                while end > 2, bytes[end - 1] == 0, bytes[end - 2] == 0 { end -= 2 }
            }
            self.init(bytes, without: end == bytes.count ? [] : [end..<bytes.count])
            return
        }
        guard bytes.contains(0), !UnmarkedUTF16.isLikely(bytes) else {
            self.init(bytes, without: [])
            return
        }
        let isFill = { (byte: UInt8) in byte == 0 || byte == 0x0A || byte == 0x0D }
        let start = bytes.firstIndex { $0 != 0 } ?? bytes.count
        let end = (bytes.lastIndex { !isFill($0) } ?? -1) + 1
        var runs: [Range<Int>] = []
        var place = 0
        while let first = bytes[place...].firstIndex(of: 0) {
            let last = bytes[first...].firstIndex { $0 != 0 } ?? bytes.count
            place = last
            let isLineEnd = last < bytes.count && isFill(bytes[last])
            if first >= end || last <= start || isLineEnd && !isOfRecords {
                runs.append(first..<last)
            }
        }
        self.init(bytes, without: runs)
    }

    private init(_ bytes: [UInt8], without runs: [Range<Int>]) {
        length = runs.reduce(0) { $0 + $1.count }
        var (content, gaps, place): ([UInt8], [(Int, Int)], Int) = ([], [], 0)
        for run in runs {
            content += bytes[place..<run.lowerBound]
            gaps.append((content.count, run.count))
            place = run.upperBound
        }
        self.content = runs.isEmpty ? bytes : content + bytes[place...]
        self.gaps = gaps
    }

    /// The place in the file of a byte of the content.
    func place(of offset: Int) -> Int {
        gaps.reduce(offset) { $1.place <= offset ? $0 + $1.length : $0 }
    }
}
