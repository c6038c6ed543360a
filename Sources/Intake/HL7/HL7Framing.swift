// SPDX-License-Identifier: Apache-2.0

/// Where the messages of a file stand: one message, or a batch of them, each in a frame of MLLP or not.
///
/// Every line that begins with MSH begins a message; FHS, BHS, BTS and FTS stand around them. A line break
/// is never part of a two-byte character in the encodings that messages are sent in, so that the messages
/// are found before anything is decoded.
struct HL7Framing {
    /// The bytes of each message.
    private(set) var messages: [Range<Int>] = []
    /// How many messages the trailers of batches say that there are.
    private(set) var announced: Int?
    /// The first byte outside all messages that begins none of the segments of a batch.
    private(set) var stray: Int?
    /// Whether a header of a file or batch has no trailer.
    private(set) var isOpen = false

    init(_ bytes: [UInt8]) {
        var start: Int?
        var openHeaders = 0
        var line = 0
        while line < bytes.count {
            let end =
                bytes[line...].firstIndex { $0 == 0x0D || $0 == 0x0A || $0 == 0x1C } ?? bytes.count
            let content = bytes[line..<end].drop { $0 == 0x0B || $0 == 0x20 }
            let name = Self.segmentName(of: content)
            switch name {
            case "MSH", "FHS", "BHS", "BTS", "FTS":
                if let start { messages.append(start..<line) }
                start = name == "MSH" ? content.startIndex : nil
                if name == "FHS" || name == "BHS" { openHeaders += 1 }
                if name == "FTS" || name == "BTS" { openHeaders -= 1 }
                if name == "BTS", let count = Self.count(in: content) {
                    announced = (announced ?? 0) + count
                }
            default:
                let isBlank = content.allSatisfy { $0 <= 0x20 }
                if start == nil, !isBlank, stray == nil { stray = line }
            }
            line = end + 1
        }
        if let start { messages.append(start..<bytes.count) }
        isOpen = openHeaders > 0
    }

    private static func segmentName(of line: ArraySlice<UInt8>) -> String? {
        guard line.count > 3, line.prefix(3).allSatisfy({ (0x41...0x5A).contains($0) }) else {
            return nil
        }
        // Within base64 a line may begin with MSH+ or MSH/.
        let separator = line[line.startIndex + 3]
        guard (0x21...0x7E).contains(separator), !isBase64(separator) else { return nil }
        return String(utf8: line.prefix(3))
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }

    private static func count(in trailer: ArraySlice<UInt8>) -> Int? {
        let digits = trailer.dropFirst(4).prefix { (0x30...0x39).contains($0) }
        guard (1...6).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
