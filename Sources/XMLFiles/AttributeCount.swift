// SPDX-License-Identifier: Apache-2.0

/// How many attributes a tag of a document has at most, told from its bytes before they are parsed.
///
/// In a document that is well-formed the number is exact; in another it may be anything, and the parser
/// says what is wrong.
enum AttributeCount {
    static func largest(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var largest = 0
            var index = 0
            while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
                guard start + 1 < bytes.count else { return largest }
                let next = bytes[start + 1]
                guard next == UInt8(ascii: "!") || next == UInt8(ascii: "?") else {
                    let (count, end) = tag(in: bytes, from: start + 1)
                    largest = max(largest, count)
                    index = end
                    continue
                }
                let rest = bytes[start...]
                if rest.starts(with: "<!--".utf8) {
                    index = end(of: "-->", in: bytes, from: start + 4)
                } else if rest.starts(with: "<![CDATA[".utf8) {
                    index = end(of: "]]>", in: bytes, from: start + 9)
                } else if rest.starts(with: "<?".utf8) {
                    index = end(of: "?>", in: bytes, from: start + 2)
                } else {
                    let (count, next) = tag(in: bytes, from: start + 1)
                    largest = max(largest, count)
                    index = next
                }
            }
            return largest
        }
    }

    /// The place after the next `mark`, or the end.
    private static func end(
        of mark: StaticString, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int {
        let length = mark.utf8CodeUnitCount
        let last = mark.utf8Start[length - 1]
        var index = min(start, bytes.count)
        while let place = bytes[index...].firstIndex(of: last) {
            index = place + 1
            if index - start >= length,
                (0..<length).allSatisfy({ bytes[index - length + $0] == mark.utf8Start[$0] })
            {
                return index
            }
        }
        return bytes.count
    }

    /// The signs of equality outside quotes of the tag that goes on here, and the place after it.
    private static func tag(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (count: Int, end: Int) {
        var count = 0
        var quote: UInt8?
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "="): count += 1
            case UInt8(ascii: ">"): return (count, index)
            default: break
            }
        }
        return (count, index)
    }
}
